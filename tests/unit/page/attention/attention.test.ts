import { beforeEach, describe, expect, it, vi } from 'vitest';
import { cursorSchema, messageIdSchema } from '@/domain/message';
import { knockIdSchema } from '@/domain/knock';
import { memberIdSchema, roomIdSchema, type MemberId } from '@/domain/room';
import { createDeferred } from '@/lib/deferred';
import { createStore } from '@/lib/store';
import { callForAttention, type Signs } from '@/page/attention/attention';
import { createChoices, type Choices } from '@/page/attention/choices';
import { createTurns } from '@/page/attention/turns';
import { NOBODY } from '@/session/knocks/door-state';
import type { MessageEntry } from '@/session/messages/transcript';
import type { TalkOffer, Talks } from '@/session/private-talk/private-talk';
import type { RoomInfo } from '@/session/room-session';
import type { Proposal } from '@/session/steering';
import type { ForYou, Unread } from '@/session/unread';
import { nobodyAtDoor } from '@tests/support/nobody-at-door';
import { FakePage, FakeStorage } from '@tests/unit/client/fake-browser';

const ROOM_ID = roomIdSchema.parse('Aa0Bb1Cc2Dd3Ee4Ff5Gg6H');

const message = (place: number, name = 'Ann'): MessageEntry => ({
  kind: 'message',
  id: messageIdSchema.parse(`message-${place}`),
  key: `m${place}`,
  cursor: cursorSchema.parse(`${place}-0`),
  memberId: memberIdSchema.parse('M'.repeat(16)),
  self: false,
  name,
  tint: 0,
  text: 'a secret word',
  timestamp: 0,
  state: 'sent',
});

const SELF = memberIdSchema.parse('S'.repeat(16));
const ANN = { memberId: memberIdSchema.parse('M'.repeat(16)), name: 'Ann', tint: 0 };

/** Private talks that are fetched when the first offer comes. */
function deferredTalks() {
  const offers = createStore<readonly TalkOffer[]>([]);
  const talks = { offers } as unknown as Talks;
  return { offers, talks: createDeferred(() => Promise.resolve(talks)) };
}

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

/** A hidden page with these choices, and what it has done to be noticed. */
function open(chosen: Partial<Choices> = {}) {
  const page = new FakePage();
  page.visible = false;
  const choices = createChoices(new FakeStorage());
  choices.choose(chosen);
  const store = createStore<Unread>({ count: 0, latest: null, forYou: 0, latestForYou: null, line: null });
  const atDoor = createStore(NOBODY);
  const proposal = createStore<Proposal | null>(null);
  const { talks, offers } = deferredTalks();
  const did: string[] = [];
  const signs: Signs = {
    page,
    choices,
    icon: { show: (dot) => did.push(dot === null ? 'no dot' : dot === 'unread' ? 'dot' : 'dot for you') },
    badge: (count) => did.push(`badge ${count}`),
    sound: { isAvailable: true, ring: () => did.push('ring') },
    notifications: {
      consent: createStore('granted'),
      look: () => undefined,
      ask: () => Promise.resolve('granted'),
      notify: (roomId, sentence) => did.push(`notify ${roomId === ROOM_ID}: ${sentence}`),
      close: () => did.push('close'),
    },
    turns: createTurns(undefined, 'turns'),
    turnsForYou: createTurns(undefined, 'turns for you'),
  };
  const stop = callForAttention(
    {
      unread: { ...store, setAtEnd: () => undefined },
      knocks: { ...nobodyAtDoor().knocks, atDoor },
      proposal,
      privateTalk: talks,
      people: createStore([{ ...ANN, joinedAt: 0, owner: false, here: true, self: false }]),
      info: createStore({ you: { memberId: SELF, owner: false, name: 'Me' } } as RoomInfo),
      roomId: ROOM_ID,
    },
    signs,
    (news, isNamed) => {
      const [why, name] =
        'request' in news ? [news.request.kind, news.request.from.name] : [news.why ?? 'message', news.message.name];
      return `${why} from ${isNamed ? String(name) : 'somebody'}`;
    },
  );
  did.length = 0;
  return {
    page,
    choices,
    stop,
    hear: (count: number, latest: MessageEntry | null, forYou = 0, latestForYou: ForYou | null = null) =>
      store.set({ count, latest, forYou, latestForYou, line: null }),
    knock: (...names: string[]) =>
      atDoor.set({
        ...NOBODY,
        waiting: names.map((name) => ({ knockId: knockIdSchema.parse(name.padEnd(16, 'x')), name })),
      }),
    propose: (missing: readonly MemberId[], until = 60_000) =>
      proposal.set({ by: ANN.memberId, agreed: [ANN.memberId], missing, until }),
    lapse: () => proposal.set(null),
    fetchTalks: talks.fetch,
    offer: (...ids: string[]) => offers.set(ids.map((id) => ({ id, from: ANN.memberId, path: '/room/x' }))),
    /** What it did since the last look. */
    did: () => did.splice(0),
    calls: () => did.splice(0).filter((deed) => /^(ring|notify)/.test(deed)),
  };
}

it('icon and badge follow the count, and all is undone at the end', () => {
  const room = open();
  room.hear(1, message(1));
  expect(room.did()).toEqual(['dot', 'badge 1']);
  room.hear(2, message(2));
  expect(room.did()).toEqual(['dot', 'badge 2']);
  room.stop();
  expect(room.did()).toEqual(['close', 'no dot', 'badge 0']);
  room.hear(3, message(3));
  expect(room.did()).toEqual([]);
});

it.each<[string, Partial<Choices>, string[]]>([
  ['nothing', {}, []],
  ['the sound', { sound: true }, ['ring']],
  ['a notification', { notify: true }, ['notify true: message from somebody']],
  ['a notification with the name', { notify: true, names: true }, ['notify true: message from Ann']],
  ['both', { sound: true, notify: true }, ['ring', 'notify true: message from somebody']],
])('%s calls where only that is chosen', (_what, chosen, calls) => {
  const room = open(chosen);
  room.hear(1, message(1));
  expect(room.calls()).toEqual(calls);
});

it('a page in sight does not call, and one that is hidden afterwards calls for what is new then', () => {
  const room = open({ sound: true });
  room.page.emit('visible');
  room.hear(1, message(1));
  room.page.emit('hidden');
  expect(room.calls()).toEqual([]);
  room.hear(2, message(2));
  expect(room.calls()).toEqual(['ring']);
});

it('it calls once in ten seconds, however much is said', () => {
  const room = open({ sound: true });
  for (let place = 1; place <= 50; place += 1) {
    room.hear(place, message(place));
    vi.advanceTimersByTime(199);
  }
  expect(room.calls()).toEqual(['ring']);
  vi.advanceTimersByTime(100);
  room.hear(51, message(51));
  expect(room.calls()).toEqual(['ring']);
});

it('a message that is the newest because later ones were taken back does not call', () => {
  const room = open({ sound: true });
  room.hear(2, message(2));
  vi.advanceTimersByTime(60_000);
  room.hear(1, message(1));
  room.hear(1, message(1, 'Ann with another name'));
  expect(room.calls()).toEqual(['ring']);
  room.hear(2, message(3));
  expect(room.calls()).toEqual(['ring']);
});

it('the notification is closed when the page is seen, and when all that was unread is taken back', () => {
  const room = open({ notify: true });
  room.hear(1, message(1));
  expect(room.did()).not.toContain('close');
  room.page.emit('visible');
  expect(room.did()).toContain('close');
  room.page.emit('hidden');
  vi.advanceTimersByTime(60_000);
  room.hear(1, message(2));
  expect(room.did()).not.toContain('close');
  room.hear(0, null);
  expect(room.did()).toContain('close');
});

it('a page that is left for the back/forward cache is as it was', () => {
  const room = open({ sound: true });
  room.hear(1, message(1));
  room.page.emit('left');
  expect(room.did()).toContain('no dot');
  vi.advanceTimersByTime(60_000);
  room.hear(2, message(2));
  expect(room.did()).toEqual([]);
});

describe('what was chosen', () => {
  it('is off at first, kept for the browser, and leaves nothing behind when all is off again', () => {
    const storage = new FakeStorage();
    const choices = createChoices(storage);
    expect(choices.get()).toEqual({ sound: false, forYou: false, notify: false, names: false });
    choices.choose({ sound: true });
    expect(createChoices(storage).get()).toEqual({ sound: true, forYou: false, notify: false, names: false });
    choices.choose({ sound: false });
    expect(storage.length).toBe(0);
  });

  it('in one tab holds in the others', () => {
    const storage = new FakeStorage();
    const [one, other] = [createChoices(storage), createChoices(storage)];
    one.choose({ notify: true });
    other.look();
    expect(other.get().notify).toBe(true);
  });

  it.each(['', 'null', '{"sound":1}', '[]', 'nonsense'])('counts for nothing where the storage says %j', (kept) => {
    const storage = new FakeStorage();
    storage.setItem('mayfly:attention', kept);
    expect(createChoices(storage).get()).toEqual({ sound: false, forYou: false, notify: false, names: false });
  });

  it('holds for the page where the storage takes nothing', () => {
    const storage = new FakeStorage();
    vi.spyOn(storage, 'setItem').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    const choices = createChoices(storage);
    choices.choose({ sound: true });
    expect(choices.get().sound).toBe(true);
  });
});

describe('what speaks to the reader', () => {
  const forYou = (place: number, why: ForYou['why'] = 'mention') => ({ message: message(place), why });

  it('has another dot', () => {
    const room = open();
    room.hear(1, message(1));
    room.hear(2, message(2), 1, forYou(2));
    expect(room.did()).toEqual(['dot', 'badge 1', 'dot for you', 'badge 2']);
  });

  it('rings by a switch of its own, where everything else is silent', () => {
    const room = open({ forYou: true });
    room.hear(1, message(1));
    expect(room.calls()).toEqual([]);
    room.hear(2, message(2), 1, forYou(2));
    expect(room.calls()).toEqual(['ring']);
  });

  it('calls though something else came after it at the same time', () => {
    const room = open({ forYou: true });
    room.hear(2, message(2), 1, forYou(1));
    expect(room.calls()).toEqual(['ring']);
    vi.advanceTimersByTime(60_000);
    room.hear(3, message(3), 1, forYou(1));
    expect(room.calls()).toEqual([]);
  });

  it.each(['mention', 'reply', 'offer'] as const)('calls right after a call for everything else: %s', (why) => {
    const room = open({ sound: true, notify: true, names: true });
    room.hear(1, message(1));
    expect(room.calls()).toEqual(['ring', 'notify true: message from Ann']);
    room.hear(2, message(2), 1, forYou(2, why));
    expect(room.calls()).toEqual(['ring', `notify true: ${why} from Ann`]);
  });

  it('calls once in ten seconds itself, and for all else that is said meanwhile', () => {
    const room = open({ sound: true });
    for (let place = 1; place <= 25; place += 1) {
      room.hear(2 * place - 1, message(2 * place - 1), place, forYou(2 * place - 1));
      room.hear(2 * place, message(2 * place), place, forYou(2 * place - 1));
      vi.advanceTimersByTime(399);
    }
    expect(room.calls()).toEqual(['ring']);
    vi.advanceTimersByTime(100);
    room.hear(51, message(51), 26, forYou(51));
    expect(room.calls()).toEqual(['ring']);
  });
});

it('a browser that chose before there was a sound for what is for one has chosen none', () => {
  const storage = new FakeStorage();
  storage.setItem('mayfly:attention', JSON.stringify({ sound: false, notify: true, names: true }));
  expect(createChoices(storage).get()).toEqual({ sound: false, forYou: false, notify: true, names: true });
});

describe('somebody at the door', () => {
  it('calls an owner who looks elsewhere, once for each, with the name if that was chosen', () => {
    const room = open({ sound: true, notify: true, names: true });
    room.knock('Ada');
    expect(room.did()).toEqual(['dot for you', 'badge 1', 'ring', 'notify true: knock from Ada']);
    vi.advanceTimersByTime(20_000);
    room.knock('Ada', 'Bert');
    expect(room.calls()).toEqual(['ring', 'notify true: knock from Bert']);
    vi.advanceTimersByTime(20_000);
    room.knock('Bert');
    expect(room.calls()).toEqual([]);
    room.knock();
    expect(room.did()).toEqual(['no dot', 'badge 0', 'close']);
  });

  it('is in sight for an owner who looks, without a dot', () => {
    const room = open({ sound: true });
    room.knock('Ada');
    room.page.visible = true;
    room.did();
    room.page.emit('visible');
    expect(room.did()).toContain('no dot');
    room.knock('Ada', 'Bert');
    expect(room.calls()).toEqual([]);
  });
});

describe('ten minutes more', () => {
  it('calls one who has not answered and looks elsewhere, once for each proposal', () => {
    const room = open({ sound: true, notify: true, names: true });
    room.propose([SELF]);
    expect(room.did()).toEqual(['dot for you', 'badge 1', 'ring', 'notify true: extension from Ann']);
    vi.advanceTimersByTime(20_000);
    room.propose([SELF, memberIdSchema.parse('B'.repeat(16))]);
    expect(room.calls()).toEqual([]);
    room.propose([]);
    expect(room.did()).toEqual(['no dot', 'badge 0', 'close']);
    room.lapse();
    vi.advanceTimersByTime(20_000);
    room.propose([SELF], 120_000);
    expect(room.calls()).toEqual(['ring', 'notify true: extension from Ann']);
  });

  it('calls nobody who has agreed', () => {
    const room = open({ sound: true });
    room.propose([memberIdSchema.parse('B'.repeat(16))]);
    expect(room.calls()).toEqual([]);
  });
});

describe('a private talk', () => {
  it('that is offered calls the one who is asked, also where its code comes with the offer', async () => {
    const room = open({ sound: true, notify: true });
    room.fetchTalks();
    room.offer('first');
    await vi.advanceTimersByTimeAsync(0);
    expect(room.did()).toEqual(['dot for you', 'badge 1', 'ring', 'notify true: talk from somebody']);
    vi.advanceTimersByTime(20_000);
    room.offer('first', 'second');
    expect(room.calls()).toEqual(['ring', 'notify true: talk from somebody']);
    room.offer();
    expect(room.did()).toEqual(['no dot', 'badge 0', 'close']);
  });

  it('is nothing that a page calls for once it is over', async () => {
    const room = open({ sound: true });
    room.fetchTalks();
    await vi.advanceTimersByTimeAsync(0);
    room.stop();
    room.did();
    room.offer('first');
    room.propose([SELF]);
    expect(room.did()).toEqual([]);
  });
});
