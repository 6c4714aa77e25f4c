import { createStore, type Readable } from '@/lib/store';

/** The part of `Notification` that is needed. */
export interface NotificationKind {
  new (title: string, options: NotificationOptions): Pick<Notification, 'close' | 'onclick'>;
  readonly permission: NotificationPermission;
  readonly requestPermission: () => Promise<NotificationPermission>;
}

/** `missing`: the browser has no notifications for pages, as on iOS and Android. */
export type Consent = NotificationPermission | 'missing';

export interface Notifications {
  readonly consent: Readable<Consent>;
  /** Reads the consent again, which people change in the browser's own settings. */
  readonly look: () => void;
  /** Asks unless that was answered before. Only ever called by the press of a switch. */
  readonly ask: () => Promise<Consent>;
  /** Shows this sentence, in the place of the one before. Without consent it does nothing. */
  readonly notify: (roomId: string, sentence: string) => void;
  readonly close: () => void;
}

/** `Kind` is missing where the browser has none; `focus` brings the page to the front. */
export function createNotifications(Kind: NotificationKind | undefined, focus: () => void): Notifications {
  const consent = createStore<Consent>(Kind?.permission ?? 'missing');
  let shown: Pick<Notification, 'close' | 'onclick'> | undefined;

  const look = () => {
    if (Kind !== undefined && consent.get() !== 'missing') consent.set(Kind.permission);
  };

  function close() {
    shown?.close();
    shown = undefined;
  }

  return {
    consent,
    look,
    close,
    ask: async () => {
      if (Kind?.permission === 'default') await Kind.requestPermission();
      look();
      return consent.get();
    },
    notify: (roomId, sentence) => {
      look();
      if (Kind === undefined || consent.get() !== 'granted') return;
      try {
        // Silent: the sound has a switch of its own.
        shown = new Kind(sentence, { tag: tagOf(roomId), icon: '/apple-icon.png', silent: true });
        shown.onclick = () => {
          focus();
          close();
        };
      } catch {
        // Android has the permission and the name, and no notifications without a service worker.
        consent.set('missing');
      }
    },
  };
}

/**
 * The same in all tabs of a room, so that its notifications take each other's place. Systems write tags to their disks, where
 * a room's id has no business: 32 bits of its 130 lead nowhere. (FNV-1a)
 */
function tagOf(roomId: string): string {
  let hash = 0x811c9dc5;
  for (const character of roomId) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  return `mayfly-${(hash >>> 0).toString(36)}`;
}
