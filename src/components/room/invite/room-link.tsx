import type { ClipboardEvent, Ref } from 'react';

interface RoomLinkProps {
  ref: Ref<HTMLElement>;
  link: string;
}

/** The whole link in one line. Its address and its key are cut apart from each other, so that both are seen to be there. */
export function RoomLink({ ref, link }: RoomLinkProps) {
  const [address = '', key] = link.split('#');

  /** The two parts are boxes of their own, between which browsers would put a line break. */
  function copyWhole(event: ClipboardEvent) {
    event.clipboardData.setData('text/plain', link);
    event.preventDefault();
  }
  return (
    <code
      ref={ref}
      dir="ltr"
      onCopy={copyWhole}
      className="flex rounded-xl border border-line bg-sunken px-3 py-2.5 text-start font-sans text-[0.9375rem] select-all"
    >
      <span className="min-w-0 truncate">{address.replace(/^https?:\/\//, '')}</span>
      {key !== undefined && <span className="max-w-[45%] shrink-0 truncate font-medium text-accent">#{key}</span>}
    </code>
  );
}
