import type { PageSignal, PageSignals } from '@/client/page-signals';
import { followOutdated, isPageOutdated } from './outdated-page';

/** What this browser says about the page and its network. To be called in the browser only. */
export function browserPage(): PageSignals {
  return {
    isVisible: () => document.visibilityState === 'visible',
    isOnline: () => navigator.onLine,
    isOutdated: isPageOutdated,
    reload: () => window.location.reload(),
    follow: (listener) => {
      const stop = new AbortController();
      const on = (target: EventTarget, type: string, signalOf: (event: Event) => PageSignal | null) => {
        const report = (event: Event) => {
          const signal = signalOf(event);
          if (signal !== null) listener(signal);
        };
        target.addEventListener(type, report, { signal: stop.signal });
      };
      on(window, 'online', () => 'online');
      on(window, 'offline', () => 'offline');
      on(window, 'pagehide', () => 'left');
      on(window, 'pageshow', (event) => (event instanceof PageTransitionEvent && event.persisted ? 'restored' : null));
      on(document, 'visibilitychange', () => (document.visibilityState === 'visible' ? 'visible' : 'hidden'));
      stop.signal.addEventListener(
        'abort',
        followOutdated(() => listener('outdated')),
      );
      return () => stop.abort();
    },
  };
}
