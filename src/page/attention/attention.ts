import type { PageSignals } from '@/client/page-signals';
import { compareCursors, CURSOR_START } from '@/domain/message';
import type { MessageEntry } from '@/session/messages/transcript';
import type { RoomSession } from '@/session/room-session';
import type { ForYou } from '@/session/unread';
import type { ChoiceStore } from './choices';
import type { DottedIcon } from './dotted-icon';
import type { Notifications } from './notifications';
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

/** A message, and why it is for the reader where it is. */
export type News = Pick<ForYou, 'message'> & Partial<ForYou>;

/** Says in a sentence that there is a message: with its author’s name if that was chosen, and never with its words. */
export type Announce = (news: News, isNamed: boolean) => string;

/** Makes a hidden page noticed when somebody writes, until the returned function is called: then everything is as it was. */
export function callForAttention(
  { unread, roomId }: Pick<RoomSession, 'unread' | 'roomId'>,
  { page, icon, badge, sound, notifications, choices, turns, turnsForYou }: Signs,
  announce: Announce,
): () => void {
  /** A message that comes to be the newest because others are taken back is no news. */
  const isNews = createNewest();
  const isNewsForYou = createNewest();

  function call(news: News) {
    const { sound: isForAll, forYou, notify, names } = choices.get();
    const isForYou = news.why !== undefined;
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
    icon.show(forYou > 0 ? 'for-you' : count > 0 ? 'unread' : null);
    badge(count);
    // All of them were taken back.
    if (count === 0) notifications.close();
    const arrived = isNews(latest);
    // Of several that came together, the one that speaks to the reader calls.
    const isForYou = isNewsForYou(latestForYou?.message ?? null);
    const news = isForYou ? latestForYou : arrived && latest !== null ? { message: latest } : null;
    if (news !== null && !page.isVisible()) call(news);
  }

  function look() {
    for (const each of [turns, turnsForYou]) each.setLooking(page.isVisible());
    if (page.isVisible()) notifications.close();
  }

  function stop() {
    unsubscribe();
    unfollow();
    for (const each of [turns, turnsForYou]) each.stop();
    notifications.close();
    icon.show(null);
    badge(0);
  }

  look();
  show();
  const unsubscribe = unread.subscribe(show);
  const unfollow = page.follow((signal) => {
    if (signal === 'visible' || signal === 'hidden') look();
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
