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

export function browserPage(): PageSignals {
  return {
    isVisible: () => document.visibilityState === 'visible',
    isOnline: () => navigator.onLine,
    follow: (listener) => {
      const stop = new AbortController();
      const on = (target: EventTarget, type: string, signalOf: (event: Event) => PageSignal | null) => {
        const tell = (event: Event) => {
          const signal = signalOf(event);
          if (signal !== null) listener(signal);
        };
        target.addEventListener(type, tell, { signal: stop.signal });
      };
      on(window, 'online', () => 'online');
      on(window, 'offline', () => 'offline');
      on(window, 'pagehide', () => 'left');
      on(window, 'pageshow', (event) => (event instanceof PageTransitionEvent && event.persisted ? 'restored' : null));
      on(document, 'visibilitychange', () => (document.visibilityState === 'visible' ? 'visible' : 'hidden'));
      return () => stop.abort();
    },
  };
}
