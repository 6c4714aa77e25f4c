import type { PageSignals } from '@/client/page-signals';
import { compareCursors, CURSOR_START } from '@/domain/message';
import type { MessageEntry } from '@/session/messages/transcript';
import type { RoomSession } from '@/session/room-session';
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
}

/** Says in a sentence that there is a message: with its author’s name if that was chosen, and never with its words. */
export type Announce = (message: MessageEntry, isNamed: boolean) => string;

/** Makes a hidden page noticed when somebody writes, until the returned function is called: then everything is as it was. */
export function callForAttention(
  { unread, roomId }: Pick<RoomSession, 'unread' | 'roomId'>,
  { page, icon, badge, sound, notifications, choices, turns }: Signs,
  announce: Announce,
): () => void {
  /** The newest message so far: one that comes to be the newest because others are taken back is no news. */
  let newest = CURSOR_START;

  function call(message: MessageEntry) {
    const { sound: isHeard, notify, names } = choices.get();
    if (!isHeard && !notify) return;
    turns.take(() => {
      if (isHeard) sound.ring();
      if (notify) notifications.notify(roomId, announce(message, names));
    });
  }

  function show() {
    const { count, latest } = unread.get();
    icon.show(count > 0);
    badge(count);
    // All of them were taken back.
    if (count === 0) notifications.close();
    if (latest?.cursor === undefined || compareCursors(latest.cursor, newest) <= 0) return;
    newest = latest.cursor;
    if (!page.isVisible()) call(latest);
  }

  function look() {
    turns.setLooking(page.isVisible());
    if (page.isVisible()) notifications.close();
  }

  function stop() {
    unsubscribe();
    unfollow();
    turns.stop();
    notifications.close();
    icon.show(false);
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
