import { browserPage } from '@/page/browser-page';
import { browserStorage } from '@/page/browser-storage';
import type { Signs } from './attention';
import { createChoices, type ChoiceStore } from './choices';
import { createDottedIcon } from './dotted-icon';
import { createNotifications, type Notifications } from './notifications';
import { createSound, type Sound } from './sound';
import { createTurns } from './turns';

/** What outlasts a room’s screen: one for the whole visit. */
export interface BrowserAttention {
  readonly choices: ChoiceStore;
  readonly notifications: Notifications;
  readonly sound: Sound;
}

let attention: BrowserAttention | undefined;

/** To be called in the browser only. */
export const browserAttention = (): BrowserAttention => (attention ??= createBrowserAttention());

function createBrowserAttention(): BrowserAttention {
  const choices = createChoices(browserStorage());
  // iOS has no `Notification` but for installed apps.
  const notifications = createNotifications('Notification' in window ? window.Notification : undefined, () =>
    window.focus(),
  );
  const sound = createSound('AudioContext' in window ? window.AudioContext : undefined);
  // For as long as the page lives: another tab may choose, and the browser’s own settings may change.
  window.addEventListener('storage', choices.look);
  window.addEventListener('focus', notifications.look);
  return { choices, notifications, sound };
}

function setBadge(count: number): void {
  if (!('setAppBadge' in navigator)) return;
  // Only installed apps have a badge, and it is refused elsewhere.
  (count > 0 ? navigator.setAppBadge(count) : navigator.clearAppBadge()).catch(() => undefined);
}

export function browserSigns(roomId: string): Signs {
  const locks = 'locks' in navigator ? navigator.locks : undefined;
  const lock = `mayfly:attention:${roomId}`;
  return {
    ...browserAttention(),
    page: browserPage(),
    icon: createDottedIcon(document),
    badge: setBadge,
    turns: createTurns(locks, lock),
    turnsForYou: createTurns(locks, `${lock}:for-you`),
  };
}
