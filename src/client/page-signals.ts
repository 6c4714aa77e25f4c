/** What the browser says about the page and its network. */
export type PageSignal =
  | 'online'
  | 'offline'
  | 'visible'
  | 'hidden'
  /** Gone from the screen, for good or into the back/forward cache. */
  | 'left'
  /** Back from that cache, where it stood still: nothing it shows is known to be true. */
  | 'restored';

export interface PageSignals {
  readonly isVisible: () => boolean;
  readonly isOnline: () => boolean;
  /** Calls the listener at every signal, until the answer is called. */
  readonly follow: (listener: (signal: PageSignal) => void) => () => void;
}
