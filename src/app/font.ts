import localFont from 'next/font/local';

/**
 * The package's own loader lets its face take the place of the fallback after the page was read, and the lines break again under the reader's finger. As
 * an optional face it is there at the first paint, or from the next page on.
 */
export const sans = localFont({
  src: '../../node_modules/geist/dist/fonts/geist-sans/Geist-Variable.woff2',
  variable: '--font-geist-sans',
  weight: '100 900',
  display: 'optional',
});
