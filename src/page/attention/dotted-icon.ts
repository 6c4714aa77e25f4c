/** The mark of app/icon.svg, and over it a dot, which is what people look for in a row of tabs, pinned ones included. */
const MARK =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#006a71"/>' +
  '<g fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">' +
  '<path d="M14 17.5C9.2 14 7 9.3 8.4 4.5c4.3 1.5 6.5 6.7 5.6 13Z" fill="#fff"/>' +
  '<path d="M16 17c-.9-4.7.9-9.7 5.6-11.6.9 4.7-1.4 9.3-5.6 11.6Z"/>' +
  '<path d="M11 21.5c2.5-3 6-3.5 9-1.5 3.3 2.2 4.7 5 4.7 8M20 20c3.2.9 5.9 3 7.5 6"/></g>' +
  '<circle cx="24" cy="8" r="7.5" fill="#ff7a59" stroke="#fff" stroke-width="2"/>';

/** What is for the reader is a dot with a white heart, which tells it apart without its colour, too. */
const DOTTED = {
  unread: `${MARK}</svg>`,
  'for-you': `${MARK}<circle cx="24" cy="8" r="3" fill="#fff"/></svg>`,
};

export type Dot = keyof typeof DOTTED;

export interface DottedIcon {
  /** Null: no dot. */
  readonly show: (dot: Dot | null) => void;
}

/** Puts a dot on the page's icon, and takes it off again. */
export function createDottedIcon(document: Document): DottedIcon {
  const link = document.createElement('link');
  link.rel = 'icon';
  link.type = 'image/svg+xml';
  /** React owns these and may remove them at any time, so they stay where they are and only lose their meaning. */
  let replaced: readonly Element[] = [];

  return {
    show: (dot) => {
      if (dot !== null) link.href = `data:image/svg+xml,${encodeURIComponent(DOTTED[dot])}`;
      if ((dot !== null) === link.isConnected) return;
      if (dot !== null) {
        replaced = Array.from(document.head.querySelectorAll('link[rel="icon"]'));
        for (const icon of replaced) icon.setAttribute('rel', 'icon-without-dot');
        document.head.append(link);
      } else {
        link.remove();
        for (const icon of replaced) icon.setAttribute('rel', 'icon');
        replaced = [];
      }
    },
  };
}
