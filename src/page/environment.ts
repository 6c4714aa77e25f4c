import { openEventStream } from '@/client/room-stream';
import { browserApi } from './browser-api';
import { browserIdentities } from './browser-identities';
import { browserPage } from './browser-page';
import { browserFetch } from './outdated-page';
import { setCloseWarning } from './browser-close-warning';
import { lastingStorage, tabStorage } from './browser-storage';
import { roomCache } from './room-cache';
import type { PageEnvironment } from './page-context';
import { timed } from '@/session/server-clock';

/** The browser as a room's page needs it. To be called in the browser only. */
export function browserEnvironment(): PageEnvironment {
  const api = browserApi();
  const page = browserPage();
  return {
    api,
    page,
    storage: tabStorage(),
    lasting: lastingStorage(),
    setCloseWarning,
    random: Math.random,
    // To the browser's console and to error listeners, as if nobody had caught it. Safari before 15.4 lacks it.
    report: (fault) => {
      if ('reportError' in window) window.reportError(fault);
    },
    openStream: (roomId, handlers) =>
      openEventStream(
        {
          page,
          random: Math.random,
          fetch: browserFetch,
          locks: 'locks' in navigator ? navigator.locks : undefined,
          openChannel: 'BroadcastChannel' in window ? (name) => new BroadcastChannel(name) : undefined,
        },
        roomId,
        handlers,
      ),
    readRoom: (roomId) => roomCache.read(roomId, () => timed(api.readRoom(roomId))),
    forget: roomCache.forget,
    identities: browserIdentities(),
    openKeyChannel: 'BroadcastChannel' in window ? (name) => new BroadcastChannel(name) : undefined,
    address: {
      hash: () => window.location.hash,
      linkWith: (secret) =>
        `${window.location.origin}${window.location.pathname}${secret === null ? '' : `#${secret}`}`,
      // Nothing reloads; the entry in the tab's history is the same, without the key.
      dropFragment: () => window.history.replaceState(null, '', `${window.location.pathname}${window.location.search}`),
      replaceFragment: (secret) =>
        window.history.replaceState(null, '', `${window.location.pathname}${window.location.search}#${secret}`),
      follow: (listener) => {
        window.addEventListener('hashchange', listener);
        return () => window.removeEventListener('hashchange', listener);
      },
    },
  };
}
