import { expect, it } from 'vitest';
import { createNotifications, type NotificationKind } from '@/page/attention/notifications';

const ROOM = 'Aa0Bb1Cc2Dd3Ee4Ff5Gg6H';

interface Shown {
  title: string;
  options: NotificationOptions;
  isOpen: boolean;
  press: () => void;
}

/** A browser's notifications: `answer` is given when people are asked, and `throws` is Android. */
function browserWith({ permission = 'default', answer = 'granted', throws = false }: Partial<FakeSettings> = {}) {
  const shown: Shown[] = [];
  const asked: string[] = [];
  class Fake {
    static permission: NotificationPermission = permission;
    static requestPermission = () => {
      asked.push('asked');
      Fake.permission = answer;
      return Promise.resolve(answer);
    };
    onclick: (() => void) | null = null;
    private readonly mine: Shown;
    constructor(title: string, options: NotificationOptions) {
      if (throws) throw new TypeError('Illegal constructor');
      this.mine = { title, options, isOpen: true, press: () => this.onclick?.() };
      shown.push(this.mine);
    }
    close() {
      this.mine.isOpen = false;
    }
  }
  return { Kind: Fake satisfies NotificationKind, shown, asked };
}

interface FakeSettings {
  permission: NotificationPermission;
  answer: NotificationPermission;
  throws: boolean;
}

const nothing = () => undefined;

it('nobody is asked, and nothing is shown, until that is wanted', async () => {
  const { Kind, shown, asked } = browserWith();
  const notifications = createNotifications(Kind, nothing);
  notifications.look();
  notifications.notify(ROOM, 'too early');
  expect([notifications.consent.get(), asked, shown]).toEqual(['default', [], []]);
  expect(await notifications.ask()).toBe('granted');
  notifications.notify(ROOM, 'New message');
  expect(asked).toHaveLength(1);
  expect(shown).toMatchObject([{ title: 'New message', isOpen: true, options: { silent: true } }]);
});

it.each(['granted', 'denied'] as const)('whoever has answered (%s) is not asked again', async (permission) => {
  const { Kind, asked } = browserWith({ permission });
  expect(await createNotifications(Kind, nothing).ask()).toBe(permission);
  expect(asked).toEqual([]);
});

it('a question that is dismissed may be asked again', async () => {
  const { Kind, asked } = browserWith({ answer: 'default' });
  const notifications = createNotifications(Kind, nothing);
  expect([await notifications.ask(), await notifications.ask()]).toEqual(['default', 'default']);
  expect(asked).toHaveLength(2);
});

it('a consent that is taken back in the browser’s settings holds at once', () => {
  const { Kind, shown } = browserWith({ permission: 'granted' });
  const notifications = createNotifications(Kind, nothing);
  Kind.permission = 'denied';
  notifications.notify(ROOM, 'New message');
  expect([notifications.consent.get(), shown]).toEqual(['denied', []]);
});

it('those of a room have one tag in all tabs, from which nobody learns the room', () => {
  const tags = [ROOM, ROOM, 'Another0RoomWithAnId00'].map((room) => {
    const { Kind, shown } = browserWith({ permission: 'granted' });
    createNotifications(Kind, nothing).notify(room, 'New message');
    return shown[0]?.options.tag ?? '';
  });
  expect(tags[0]).toBe(tags[1]);
  expect(tags[0]).not.toBe(tags[2]);
  expect(tags[0]).toMatch(/^mayfly-[0-9a-z]{1,7}$/);
});

it('a press brings the page to the front and closes it', () => {
  const { Kind, shown } = browserWith({ permission: 'granted' });
  let focused = 0;
  const notifications = createNotifications(Kind, () => (focused += 1));
  notifications.notify(ROOM, 'New message');
  shown[0]?.press();
  expect([focused, shown[0]?.isOpen]).toEqual([1, false]);
});

it('a browser that has the name and no notifications for pages is one without them', async () => {
  const { Kind } = browserWith({ permission: 'granted', throws: true });
  const notifications = createNotifications(Kind, nothing);
  notifications.notify(ROOM, 'New message');
  notifications.look();
  expect([notifications.consent.get(), await notifications.ask()]).toEqual(['missing', 'missing']);
});

it('a browser without them loses only them', async () => {
  const notifications = createNotifications(undefined, nothing);
  notifications.notify(ROOM, 'New message');
  notifications.close();
  expect([notifications.consent.get(), await notifications.ask()]).toEqual(['missing', 'missing']);
});
