import { expect, it } from 'vitest';
import { cursorSchema, messageIdSchema } from '@/domain/message';
import { memberIdSchema, roomIdSchema } from '@/domain/room';
import { createStore } from '@/lib/store';
import type { MessageEntry, NoticeEntry, Transcript, TranscriptEntry } from '@/session/messages/transcript';
import { createUnread } from '@/session/unread';
import { FakePage } from '@tests/unit/client/fake-browser';

const OWNER = memberIdSchema.parse('OwnerOfTheRoom00');

const cursorAt = (place: number) => cursorSchema.parse(`${place}-0`);

function message(place: number, change: Partial<MessageEntry> = {}): MessageEntry {
  return {
    kind: 'message',
    id: messageIdSchema.parse(`message-${place}`),
    key: `m${place}`,
    cursor: cursorAt(place),
    memberId: memberIdSchema.parse('M'.repeat(16)),
    self: false,
    name: 'Ann',
    tint: 0,
    text: `message ${place}`,
    timestamp: 0,
    state: 'sent',
    ...change,
  };
}

const own = (place: number) => message(place, { self: true });

const waiting = (place: number): MessageEntry => {
  const { cursor: _cursor, ...entry } = own(place);
  return { ...entry, state: 'waiting' };
};

const notice = (place: number): NoticeEntry => ({
  kind: 'notice',
  id: `n${place}`,
  cursor: cursorAt(place),
  timestamp: 0,
  notice: 'joined',
  name: 'Ann',
  self: false,
});

/** A page that has read what was said before, and the steps that a test takes. */
function open(history: readonly TranscriptEntry[] = [message(1)], { visible = true } = {}) {
  const page = new FakePage();
  page.visible = visible;
  const transcript = createStore<Transcript>({ state: 'loading', older: 'none', entries: [] });
  const unread = createUnread(page, transcript, (memberId) => memberId === OWNER);
  const set = (change: Partial<Transcript>) => transcript.set({ ...transcript.get(), ...change });
  set({ entries: history });
  set({ state: 'ready' });
  return {
    unread,
    page,
    set,
    hide: () => page.emit('hidden'),
    show: () => page.emit('visible'),
    scrollUp: () => unread.setAtEnd(false),
    toEnd: () => unread.setAtEnd(true),
    hear: (...entries: TranscriptEntry[]) => {
      for (const entry of entries) set({ entries: [...transcript.get().entries, entry] });
    },
    hearBefore: (...entries: TranscriptEntry[]) => set({ entries: [...entries, ...transcript.get().entries] }),
    remove: (...places: number[]) =>
      set({
        entries: transcript.get().entries.filter(({ cursor }) => !places.some((place) => cursor === cursorAt(place))),
      }),
    /** How many are unread, and where the line is. */
    says: () => [unread.get().count, unread.get().line],
  };
}

type Room = ReturnType<typeof open>;
type Step = (room: Room) => void;

const hide: Step = (room) => room.hide();
const show: Step = (room) => room.show();
const scrollUp: Step = (room) => room.scrollUp();
const toEnd: Step = (room) => room.toEnd();
const hear = (...entries: TranscriptEntry[]): Step => {
  return (room) => room.hear(...entries);
};
const hearBefore = (entry: TranscriptEntry): Step => {
  return (room) => room.hearBefore(entry);
};
const remove = (place: number): Step => {
  return (room) => room.remove(place);
};
const set = (change: Partial<Transcript>): Step => {
  return (room) => room.set(change);
};

it.each<[title: string, steps: readonly Step[], [count: number, line: string | null]]>([
  ['a page that is looked at', [hear(message(2))], [0, null]],
  ['a hidden page', [hide, hear(message(2), message(3))], [2, 'm2']],
  ['a hidden page where others only join', [hide, hear(notice(2))], [0, null]],
  ['a join before the first message', [hide, hear(notice(2), message(3))], [1, 'm3']],
  ['a page that is seen again', [hide, hear(message(2)), show], [0, 'm2']],
  ['what comes while one looks on after that', [hide, hear(message(2)), show, hear(message(3))], [0, 'm2']],
  ['a page that was hidden in vain', [hide, show, hear(message(2))], [0, null]],
  ['a page that is hidden again, where nothing new comes', [hide, hear(message(2)), show, hide], [0, null]],
  [
    'a page that is hidden again, where something comes',
    [hide, hear(message(2)), show, hide, hear(message(3))],
    [1, 'm3'],
  ],
  ['one’s own message after coming back', [hide, hear(message(2)), show, hear(waiting(3))], [0, null]],
  ['one’s own message from another tab', [hide, hear(message(2), own(3), message(4))], [1, 'm4']],
  [
    'a message of one’s own that is stored at last',
    [hear(waiting(2)), hide, set({ entries: [message(1), own(2)] })],
    [0, null],
  ],
  ['messages of one’s own', [hide, hear(own(2))], [0, null]],
  ['a reader who has scrolled up', [scrollUp, hear(message(2), message(3))], [2, 'm2']],
  ['a reader who is back at the end', [scrollUp, hear(message(2)), toEnd], [0, 'm2']],
  ['a reader who scrolled up and down', [scrollUp, toEnd, hear(message(2))], [0, null]],
  [
    'a reader who scrolls up to the line, while more is said',
    [hide, hear(message(2)), show, scrollUp, hear(message(3))],
    [1, 'm2'],
  ],
  [
    'a page that is hidden far from the end, and seen again there',
    [scrollUp, hear(message(2)), hide, hear(message(3)), show],
    [2, 'm2'],
  ],
  ['earlier pages that are read while it is hidden', [hide, hearBefore(message(0))], [0, null]],
  [
    'earlier pages that are read while the line stands',
    [hide, hear(message(2)), show, hearBefore(message(0)), hear(message(3))],
    [0, 'm2'],
  ],
  ['an unread message that is taken back', [hide, hear(message(2), message(3)), remove(3)], [1, 'm2']],
  ['the first unread message, taken back', [hide, hear(message(2), message(3)), remove(2)], [1, 'm3']],
  ['all that was unread, taken back', [hide, hear(message(2)), remove(2)], [0, null]],
  [
    'the message under the line, taken back while one looks on',
    [hide, hear(message(2), message(3)), show, remove(2), hear(message(4))],
    [0, 'm3'],
  ],
  [
    'all that was missed, taken back while one looks on',
    [hide, hear(message(2)), show, remove(2), hear(message(3))],
    [0, null],
  ],
  ['a message that stood there before, taken back while it is hidden', [hide, remove(1), hear(message(2))], [1, 'm2']],
  ['the end of the room', [hide, hear(message(2)), set({ entries: [] })], [0, null]],
])('%s: as many are unread, and there is the line', (_title, steps, expected) => {
  const room = open();
  for (const step of steps) step(room);
  expect(room.says()).toEqual(expected);
});

it('what was said before one came is history, also in a tab that was opened behind another one', () => {
  const room = open([message(1), message(2)], { visible: false });
  expect(room.says()).toEqual([0, null]);
  room.hear(message(3));
  expect(room.says()).toEqual([1, 'm3']);
});

it('a newest page of reactions alone is not all of the history', () => {
  const page = new FakePage();
  page.visible = false;
  const transcript = createStore<Transcript>({ state: 'ready', older: 'more', entries: [] });
  const unread = createUnread(page, transcript, () => false);
  transcript.set({ state: 'ready', older: 'none', entries: [message(1), message(2)] });
  expect(unread.get().count).toBe(0);
});

it('the newest unread message is at hand, under the name that its author has now', () => {
  const room = open();
  room.hide();
  room.hear(message(2), message(3, { name: 'Bob' }), notice(4));
  expect(room.unread.get().latest).toMatchObject({ key: 'm3', name: 'Bob' });
  room.set({ entries: [message(1), message(2), message(3, { name: 'Robert' })] });
  expect(room.unread.get().latest).toMatchObject({ key: 'm3', name: 'Robert' });
});

it('nothing is said again that has not changed', () => {
  const room = open();
  let changes = 0;
  room.unread.subscribe(() => (changes += 1));
  room.hear(message(2), notice(3), own(4));
  room.hide();
  room.show();
  expect(changes).toBe(0);
});

it('a session that is over follows the page no more', () => {
  const room = open();
  room.unread.stop();
  room.hide();
  room.hear(message(2));
  expect(room.says()).toEqual([0, null]);
});

it('in a long talk an arrival costs no search while the line stands', () => {
  const history = Array.from({ length: 5_000 }, (_, index) => message(index + 1));
  const room = open(history.slice(0, 10));
  room.hide();
  room.set({ entries: history });
  room.show();
  expect(room.says()).toEqual([0, 'm11']);
  const looked = new Set<number>();
  const next = new Proxy([...history, message(6_000)], {
    get: (target, property, receiver): unknown => {
      if (typeof property === 'string' && /^\d+$/.test(property)) looked.add(Number(property));
      return Reflect.get(target, property, receiver);
    },
  });
  room.set({ entries: next });
  expect(room.says()).toEqual([0, 'm11']);
  expect(looked.size).toBeLessThanOrEqual(5);
});

it('what speaks to the reader counts apart, and is read with all the rest', () => {
  const { unread, set, hide, show } = open();
  hide();
  const mention = message(3, { forYou: 'mention' });
  set({ entries: [message(1), message(2), mention, message(4)] });
  expect(unread.get()).toMatchObject({
    count: 3,
    latest: { key: 'm4' },
    forYou: 1,
    latestForYou: { message: mention, why: 'mention' },
  });
  const edited = message(4, { forYou: 'reply' });
  set({ entries: [message(1), message(2), mention, edited] });
  expect(unread.get()).toMatchObject({ count: 3, forYou: 2, latestForYou: { message: edited, why: 'reply' } });
  set({ entries: [message(1), message(2)] });
  expect(unread.get()).toMatchObject({ count: 1, forYou: 0, latestForYou: null });
  show();
  expect(unread.get()).toMatchObject({ count: 0, forYou: 0 });
});

it('a new room that the owner offers is for everybody here, and what a guest sends as one is not', () => {
  const room = open();
  room.hide();
  const offer = { roomId: roomIdSchema.parse('Aa0Bb1Cc2Dd3Ee4Ff5Gg6H') };
  room.hear(message(2, { offer }));
  expect(room.unread.get()).toMatchObject({ count: 1, forYou: 0, latestForYou: null });
  const ofOwner = message(3, { offer, memberId: OWNER });
  room.hear(ofOwner);
  expect(room.unread.get()).toMatchObject({ count: 2, forYou: 1, latestForYou: { message: ofOwner, why: 'offer' } });
});
