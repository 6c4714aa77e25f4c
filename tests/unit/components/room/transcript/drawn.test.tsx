// @vitest-environment happy-dom
import { act } from 'react';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Transcript } from '@/components/room/transcript/transcript';
import { cursorSchema, messageIdSchema } from '@/domain/message';
import { memberIdSchema } from '@/domain/room';
import { createStore } from '@/lib/store';
import type { Destination } from '@/session/messages/going';
import type { MessageEntry, NoticeEntry, Transcript as Shown } from '@/session/messages/transcript';
import type { RoomSession } from '@/session/room-session';
import type { Unread } from '@/session/unread';
import { nobodyAtDoor } from '@tests/support/nobody-at-door';
import { noFiles } from '@tests/gallery/no-files';
import { mount } from '@tests/unit/components/mount';

vi.mock('next/navigation', () => ({ useRouter: () => ({}) }));

const ANN = memberIdSchema.parse('Ann0000000000000');
const ME = memberIdSchema.parse('Me00000000000000');
const cursorAt = (place: number) => cursorSchema.parse(`${place}-0`);

const said = (place: number, text = `message ${place}`): MessageEntry => ({
  kind: 'message',
  id: messageIdSchema.parse(`message-${place}`),
  key: `message-${place}`,
  cursor: cursorAt(place),
  memberId: ANN,
  self: false,
  name: 'Ann',
  tint: 1,
  text,
  timestamp: 0,
  state: 'sent',
});

const pending = (text: string, change: Partial<MessageEntry> = {}): MessageEntry => {
  const { cursor: _cursor, ...message } = said(0, text);
  const id = messageIdSchema.parse(`pending-${text.replaceAll(' ', '-')}`);
  return { ...message, id, key: id, memberId: ME, self: true, name: 'Me', state: 'sending', ...change };
};

const FAILED = { state: 'failed', failure: { reason: 'message_limit_reached' } } as const;

const tookBack = (place: number, index: number): NoticeEntry => ({
  kind: 'notice',
  id: `took-back-${index}`,
  cursor: cursorAt(place),
  timestamp: 0,
  notice: 'took-back',
  memberId: ANN,
  name: 'Ann',
  self: false,
});

const talkOf = (count: number) => Array.from({ length: count }, (_, index) => said(index + 1));

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A transcript on a page; `show` changes what the session says of it, and `after` lets time pass. */
function draw(first: Partial<Shown>) {
  const transcript = createStore<Shown>({ state: 'ready', older: 'none', entries: [], ...first });
  const info = createStore({ room: { members: 2, locked: false }, you: { owner: false } });
  const unread = {
    ...createStore<Unread>({ count: 0, latest: null, forYou: 0, latestForYou: null, line: null }),
    setAtEnd: vi.fn(),
  };
  const destination = createStore<Destination | null>(null);
  const nothing = () => undefined;
  const signals = { typing: createStore([]), seen: createStore(new Map()), typed: nothing };
  const ways = { readOlder: nothing, readTranscriptAgain: nothing, goTo: nothing, stay: () => destination.set(null) };
  const session = {
    transcript,
    info,
    unread,
    signals,
    destination,
    files: noFiles,
    ...nobodyAtDoor(),
    people: createStore([]),
    ...ways,
  };
  const container = mount(<Transcript session={session as unknown as RoomSession} onDone={() => undefined} />);
  const find = (selector: string) => container.querySelector<HTMLElement>(selector);
  return {
    find,
    log: find('[role="log"]'),
    button: (text: string) => [...container.querySelectorAll('button')].find((one) => one.textContent === text) ?? null,
    unread,
    show: (change: Partial<Shown>) => act(() => transcript.set({ ...transcript.get(), ...change })),
    after: (ms: number) => act(() => void vi.advanceTimersByTime(ms)),
    heard: () => [...container.querySelectorAll('[aria-live="polite"] p')].map((line) => line.textContent),
  };
}

describe('what arrives is read out', () => {
  it('together after a moment, however many times the page was drawn in between', () => {
    const screen = draw({ entries: talkOf(3) });
    for (let count = 4; count <= 15; count += 1) {
      screen.show({ entries: talkOf(count) });
      screen.after(40);
    }
    screen.after(20);
    const newest = [11, 12, 13, 14, 15].map((place) => `\u2068Ann\u2069: message ${place}`);
    expect(screen.heard()).toEqual([...newest, 'and 7 more']);
    screen.after(10_000);
    expect(screen.heard()).toHaveLength(6);
  });

  it('at once a moment later, though more keeps coming', () => {
    const screen = draw({ entries: talkOf(1) });
    for (let count = 2; count <= 10; count += 1) {
      screen.show({ entries: talkOf(count) });
      screen.after(100);
    }
    expect(screen.heard()).toContain('\u2068Ann\u2069: message 6');
  });

  it('as one line where a member takes fifty messages back', () => {
    const entries = talkOf(60);
    const screen = draw({ entries });
    screen.show({
      entries: [...entries.slice(0, 10), ...Array.from({ length: 50 }, (_, index) => tookBack(61, index))],
    });
    screen.after(500);
    expect(screen.heard()).toEqual(['\u2068Ann\u2069 took 50 messages back']);
    expect(screen.log?.textContent.match(/took/g)).toHaveLength(1);
    screen.show({ entries: [...entries.slice(0, 10), tookBack(61, 0)] });
    expect(screen.log?.textContent).toContain('took a message back');
  });

  it('but not an earlier page, even if the newest one has no line', () => {
    const screen = draw({ entries: [], older: 'loading' });
    screen.show({ entries: talkOf(3), older: 'more' });
    screen.after(500);
    expect(screen.heard()).toEqual([]);
    screen.show({ entries: talkOf(4) });
    screen.after(500);
    expect(screen.heard()).toEqual(['\u2068Ann\u2069: message 4']);
  });
});

describe('a failed message of one’s own', () => {
  it('keeps its elements and the focus in them while others say a hundred things and one’s next is stored', () => {
    const failed = pending('refused', FAILED);
    const next = pending('next');
    const screen = draw({ entries: [...talkOf(10), next, failed] });
    const again = screen.button('Send again');
    const alert = screen.find('[role="alert"]');
    act(() => again?.focus());
    for (const count of [11, 60, 110]) {
      screen.show({ entries: [...talkOf(count), { ...next, cursor: cursorAt(1_000), state: 'sent' }, failed] });
    }
    expect(document.activeElement).toBe(again);
    expect(screen.find('[role="alert"]')).toBe(alert);
  });

  it('keeps them where it stands, while others are drawn above it and below', () => {
    const failed = pending('refused', FAILED);
    const screen = draw({ entries: [...talkOf(10), failed] });
    const again = screen.button('Send again');
    const alert = screen.find('[role="alert"]');
    act(() => again?.focus());
    for (const count of [11, 60, 110]) {
      const entries = talkOf(count);
      screen.show({ entries: [...entries.slice(0, 10), failed, ...entries.slice(10)] });
      screen.show({ entries: [...entries.slice(5, 8), failed, ...entries.slice(10)] });
    }
    expect(document.activeElement).toBe(again);
    expect(screen.find('[role="alert"]')).toBe(alert);
    const lines = screen.log?.textContent ?? '';
    expect(lines.indexOf('message 8')).toBeLessThan(lines.indexOf('refused'));
    expect(lines.indexOf('refused')).toBeLessThan(lines.indexOf('message 11'));
  });

  it('becomes one of a row when the next is refused, unless somebody is about to send it again', () => {
    const [first, second] = [pending('first', FAILED), pending('second', FAILED)];
    const screen = draw({ entries: [...talkOf(3), first] });
    screen.show({ entries: [...talkOf(3), first, second] });
    expect(screen.button('2 not sent')?.getAttribute('aria-expanded')).toBe('false');
    expect(screen.button('Send again')).toBeNull();

    screen.show({ entries: [...talkOf(3), first] });
    const again = screen.button('Send again');
    act(() => again?.focus());
    screen.show({ entries: [...talkOf(3), first, second] });
    expect(screen.button('2 not sent')?.getAttribute('aria-expanded')).toBe('true');
    expect(document.activeElement).toBe(again);
  });

  it('leaves the others of its row open and as they were when it goes', () => {
    const refused = ['first', 'second', 'third'].map((text) => pending(text, FAILED));
    const screen = draw({ entries: [...talkOf(3), ...refused] });
    act(() => screen.button('3 not sent')?.click());
    const last = screen.find('[data-key="pending-third"]');
    screen.show({ entries: [...talkOf(3), ...refused.slice(1)] });
    expect(screen.button('2 not sent')?.getAttribute('aria-expanded')).toBe('true');
    expect(screen.find('[data-key="pending-third"]')).toBe(last);
    expect(screen.log?.querySelectorAll('[role="alert"]')).toHaveLength(0);
  });

  it('has no name above it, as its side says whose it is, and is read out with one', () => {
    const own = { ...said(2, 'mine'), memberId: ME, self: true, name: 'Me' };
    const screen = draw({ entries: [said(1), own, pending('more')] });
    const heads = () => [...(screen.log?.querySelectorAll('li bdi') ?? [])].map((name) => name.textContent);
    expect(heads()).toEqual(['Ann']);
    for (const key of [own.key, 'pending-more'])
      expect(screen.find(`[data-key="${key}"] .sr-only`)?.textContent).toMatch(/^You: |^Sending/);
    screen.show({ entries: [own, said(3), pending('more')] });
    expect(heads()).toEqual(['Ann']);
  });
});

describe('what arrives rises into its place', () => {
  const animate = vi.fn<(key: string | null) => void>();
  beforeEach(() => {
    animate.mockClear();
    const { prototype } = Element;
    const before = Reflect.getOwnPropertyDescriptor(prototype, 'animate');
    Reflect.defineProperty(prototype, 'animate', {
      configurable: true,
      value(this: Element) {
        animate(this.getAttribute('data-key'));
      },
    });
    onTestFinished(() => {
      if (before === undefined) Reflect.deleteProperty(prototype, 'animate');
      else Reflect.defineProperty(prototype, 'animate', before);
    });
  });
  const risen = () => animate.mock.calls.flat();

  it('once, and neither the history nor an earlier page does', () => {
    const screen = draw({ state: 'loading', older: 'loading' });
    screen.show({ state: 'ready', older: 'more', entries: talkOf(20).slice(10) });
    screen.show({ older: 'none', entries: talkOf(20) });
    expect(risen()).toEqual([]);
    screen.show({ entries: talkOf(21) });
    screen.show({ entries: talkOf(22) });
    expect(risen()).toEqual(['message-21', 'message-22']);
    screen.show({ entries: [...talkOf(22)] });
    expect(risen()).toHaveLength(2);
  });

  it('but not one’s own, neither when it is written nor when it is stored', () => {
    const screen = draw({ entries: talkOf(3) });
    screen.show({ entries: [...talkOf(3), pending('mine')] });
    screen.show({ entries: [...talkOf(3), { ...pending('mine'), cursor: cursorAt(4), state: 'sent' }] });
    expect(risen()).toEqual([]);
  });

  it('but not a talk that is caught up with', () => {
    const screen = draw({ entries: talkOf(3) });
    screen.show({ entries: talkOf(30) });
    expect(risen()).toEqual([]);
  });
});

describe('“Show earlier messages”', () => {
  it('leaves its focus to the list when the first page has come', () => {
    const screen = draw({ entries: talkOf(3), older: 'more' });
    screen.button('Show earlier messages')?.focus();
    screen.show({ older: 'loading' });
    screen.show({ older: 'none' });
    expect(document.activeElement).toBe(screen.log);
  });

  it('takes no focus that is elsewhere', () => {
    const screen = draw({ entries: [...talkOf(3), pending('refused', FAILED)], older: 'more' });
    const again = screen.button('Send again');
    act(() => again?.focus());
    screen.show({ older: 'none' });
    expect(document.activeElement).toBe(again);
  });

  it('says once that a page could not be read, however many times it is tried again', () => {
    const screen = draw({ entries: talkOf(3), older: 'loading' });
    const status = screen.find('[role="status"]');
    expect(status?.textContent).toBe('');
    for (let tries = 0; tries < 3; tries += 1) {
      screen.show({ older: 'failed' });
      expect(screen.button('Try again')).not.toBeNull();
      screen.show({ older: 'loading' });
      expect(status?.textContent).toBe('Earlier messages could not be read.');
    }
    expect(screen.find('[role="status"]')).toBe(status);
    screen.show({ older: 'more' });
    expect(status?.textContent).toBe('');
  });
});

describe('the line above what is new', () => {
  const UNREAD = { count: 0, latest: null, forYou: 0, latestForYou: null };

  it('is a separator with words, above its message, and takes no message along when it goes', () => {
    const screen = draw({ entries: talkOf(3) });
    act(() => screen.unread.set({ ...UNREAD, line: 'message-2' }));
    const line = screen.find('[role="separator"]');
    expect(line?.getAttribute('aria-label')).toBe('New messages');
    const order = () => screen.log?.textContent.match(/message \d|New/g);
    expect(order()).toEqual(['message 1', 'New', 'message 2', 'message 3']);
    act(() => screen.unread.set({ ...UNREAD, line: null }));
    expect(order()).toEqual(['message 1', 'message 2', 'message 3']);
  });

  it('is not read out as something that arrives', () => {
    const screen = draw({ entries: talkOf(3) });
    act(() => screen.unread.set({ ...UNREAD, line: 'message-2' }));
    screen.after(1_000);
    expect(screen.heard()).toEqual([]);
  });

  it('the transcript says at first that its reader is at the end', () => {
    expect(draw({ entries: talkOf(3) }).unread.setAtEnd.mock.calls).toEqual([[true]]);
  });
});
