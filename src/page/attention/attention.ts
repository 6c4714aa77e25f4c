import type { PageSignals } from '@/client/page-signals';
import { compareCursors, CURSOR_START } from '@/domain/message';
import type { MessageEntry } from '@/session/messages/transcript';
import type { RoomSession } from '@/session/room-session';
import type { ForYou } from '@/session/unread';
import type { ChoiceStore } from './choices';
import type { DottedIcon } from './dotted-icon';
import type { Notifications } from './notifications';
import { followRequests, type AskedRoom, type Request } from './requests';
import type { Sound } from './sound';
import type { Turns } from './turns';

/** What a page can do to be noticed. A browser that lacks one of these loses only that. */
export interface Signs {
  readonly page: Pick<PageSignals, 'isVisible' | 'follow'>;
  readonly icon: DottedIcon;
  /** Sets the number on the icon of an installed app. */
  readonly badge: (count: number) => void;
  readonly sound: Sound;
  readonly notifications: Notifications;
  readonly choices: ChoiceStore;
  readonly turns: Turns;
  /** Of what is for the reader: other talk just before it does not silence it. */
  readonly turnsForYou: Turns;
}

/** A message, and why it is for the reader where it is; or something that waits for their answer. */
export type News = (Pick<ForYou, 'message'> & Partial<ForYou>) | { readonly request: Request };

/** Says in a sentence what there is: with a name if that was chosen, and never with anybody’s words. */
export type Announce = (news: News, isNamed: boolean) => string;

/** Makes a hidden page noticed when somebody writes or asks, until the returned function is called: then everything is as it was. */
export function callForAttention(
  session: Pick<RoomSession, 'unread' | 'roomId'> & AskedRoom,
  { page, icon, badge, sound, notifications, choices, turns, turnsForYou }: Signs,
  announce: Announce,
): () => void {
  const { unread, roomId } = session;
  /** A message that comes to be the newest because others are taken back is no news. */
  const isNews = createNewest();
  const isNewsForYou = createNewest();
  const requests = followRequests(session, showRequests);
  /** The keys of those requests that were announced. */
  let announced: ReadonlySet<string> = new Set();

  function call(news: News) {
    const { sound: isForAll, forYou, notify, names } = choices.get();
    const isForYou = 'request' in news || news.why !== undefined;
    const isHeard = isForAll || (forYou && isForYou);
    if (!isHeard && !notify) return;
    (isForYou ? turnsForYou : turns).take(() => {
      if (isHeard) sound.ring();
      if (notify) notifications.notify(roomId, announce(news, names));
      // It has called for the rest, too.
      if (isForYou) turns.take(() => undefined);
    });
  }

  function show() {
    const { count, latest, forYou, latestForYou } = unread.get();
    // A page that is in sight shows what is asked.
    const waiting = page.isVisible() ? 0 : requests.get().length;
    icon.show(forYou + waiting > 0 ? 'for-you' : count > 0 ? 'unread' : null);
    badge(count + waiting);
    // All of them were taken back, and nothing waits.
    if (count + waiting === 0) notifications.close();
    const arrived = isNews(latest);
    // Of several that came together, the one that speaks to the reader calls.
    const isForYou = isNewsForYou(latestForYou?.message ?? null);
    const news = isForYou ? latestForYou : arrived && latest !== null ? { message: latest } : null;
    if (news !== null && !page.isVisible()) call(news);
  }

  function showRequests() {
    const waiting = requests.get();
    const first = waiting.find(({ key }) => !announced.has(key));
    announced = new Set(waiting.map(({ key }) => key));
    show();
    if (first !== undefined && !page.isVisible()) call({ request: first });
  }

  function look() {
    for (const each of [turns, turnsForYou]) each.setLooking(page.isVisible());
    if (page.isVisible()) notifications.close();
  }

  function stop() {
    unsubscribe();
    requests.stop();
    unfollow();
    for (const each of [turns, turnsForYou]) each.stop();
    notifications.close();
    icon.show(null);
    badge(0);
  }

  look();
  showRequests();
  const unsubscribe = unread.subscribe(show);
  const unfollow = page.follow((signal) => {
    if (signal === 'visible' || signal === 'hidden') {
      look();
      show();
    }
    // A page in the back/forward cache may hold no lock, and shows no room when it comes back, until that is confirmed.
    if (signal === 'left') stop();
  });
  return stop;
}

/** Whether a message stands behind all that were shown to it before. */
function createNewest(): (message: MessageEntry | null) => boolean {
  let newest = CURSOR_START;
  return (message) => {
    if (message?.cursor === undefined || compareCursors(message.cursor, newest) <= 0) return false;
    newest = message.cursor;
    return true;
  };
}
