/** Changes that the browser reports about the page and its network. */
export type PageSignal =
  | 'online'
  | 'offline'
  | 'visible'
  | 'hidden'
  /** The page has left the screen, for good or into the back/forward cache. */
  | 'left'
  /** It came back from that cache, where it stood still: anything it shows may be out of date. */
  | 'restored'
  /** The server is newer than the page, and may mean something else by what they say to each other. */
  | 'outdated';

export interface PageSignals {
  readonly isVisible: () => boolean;
  readonly isOnline: () => boolean;
  readonly isOutdated: () => boolean;
  readonly reload: () => void;
  /** Calls the listener at every signal, until the returned function is called. */
  readonly follow: (listener: (signal: PageSignal) => void) => () => void;
}
