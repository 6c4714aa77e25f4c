import type { NameWords } from '@/domain/names';
import { browserApi } from './browser-api';
import { browserIdentities } from './browser-identities';
import { browserPage } from './browser-page';
import { setCloseWarning } from './browser-close-warning';
import { lastingStorage, tabStorage } from './browser-storage';
import { roomCache } from './room-cache';
import type { PageEnvironment } from './page-context';
import { followEntries, replaceAddress } from './sheet-entries';
import { browserStay } from './stay';
import { timed } from '@/session/server-clock';

/**
 * The browser as a room's page needs it. To be called in the browser only. `loadScreen` fetches what draws the inside of a room.
 */
export function browserEnvironment(names: NameWords, loadScreen: () => Promise<unknown>): PageEnvironment {
  const api = browserApi();
  const page = browserPage();
  followEntries();
  const storage = tabStorage();
  return {
    api,
    page,
    storage,
    lasting: lastingStorage(),
    setCloseWarning,
    random: Math.random,
    names,
    // To the browser's console and to error listeners, as if nobody had caught it. Safari before 15.4 lacks it.
    report: (fault) => {
      if ('reportError' in window) window.reportError(fault);
    },
    readRoom: (roomId) => roomCache.read(roomId, () => timed(api.readRoom(roomId))),
    forget: roomCache.forget,
    loadSession: async () => {
      const [{ openBrowserSession }] = await Promise.all([
        import(/* webpackChunkName: "inside" */ './browser-session'),
        loadScreen(),
      ]);
      return openBrowserSession;
    },
    identities: browserIdentities(),
    stay: browserStay(storage),
    openKeyChannel: 'BroadcastChannel' in window ? (name) => new BroadcastChannel(name) : undefined,
    address: {
      hash: () => window.location.hash,
      linkWith: (secret) =>
        `${window.location.origin}${window.location.pathname}${secret === null ? '' : `#${secret}`}`,
      // Nothing reloads; the entry in the tab's history is the same, without the key.
      dropFragment: () => replaceAddress(`${window.location.pathname}${window.location.search}`),
      replaceFragment: (secret) => replaceAddress(`${window.location.pathname}${window.location.search}#${secret}`),
      follow: (listener) => {
        window.addEventListener('hashchange', listener);
        return () => window.removeEventListener('hashchange', listener);
      },
    },
  };
}
