import type { ComponentProps } from 'react';

/** A picture from the page's own memory: nothing is to be fetched, resized or kept by a server. */
export function Raster({ alt, ...rest }: ComponentProps<'img'> & { alt: string }) {
  // eslint-disable-next-line @next/next/no-img-element -- what it warns of is the cost of fetching
  return <img alt={alt} decoding="async" draggable={false} {...rest} />;
}
