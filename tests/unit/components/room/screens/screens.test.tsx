import { NextIntlClientProvider } from 'next-intl';
import { renderToStaticMarkup } from 'react-dom/server';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { outsideScreens, RoomScreenView } from '@/components/room/screens/room-screen';
import { Transcript } from '@/components/room/transcript/transcript';
import { roomIdSchema } from '@/domain/room';
import type { Door, LoadingScreen, RoomScreen } from '@/page/room-screen';
import messages from '@/i18n/words/en.json';
import { LOCALE } from '@/i18n/locale';
import { arrived } from '@/lib/deferred';
import { createStore } from '@/lib/store';
import type { RoomSession } from '@/session/room-session';
import { nobodyAtDoor } from '@tests/support/nobody-at-door';
import { noFiles } from '@tests/gallery/no-files';

vi.mock('next/navigation', () => ({ useRouter: () => ({}) }));

const render = (element: React.ReactNode) =>
  renderToStaticMarkup(
    <NextIntlClientProvider {...{ locale: LOCALE, messages, timeZone: 'UTC' }}>{element}</NextIntlClientProvider>,
  );

it('arrivals are read out by a region of their own, and drawing the list again reads out nothing', () => {
  const transcript = createStore({ state: 'loading', older: 'none', entries: [] });
  const unread = createStore({ count: 0, latest: null, line: null });
  const signals = { seen: createStore(new Map()) };
  const info = createStore({ room: { entry: 'open', expiresAt: 0 }, you: { owner: false } });
  const html = render(
    <Transcript
      session={
        {
          transcript,
          unread,
          signals,
          info,
          ...nobodyAtDoor(),
          destination: createStore(null),
          files: noFiles,
        } as unknown as RoomSession
      }
      onDone={() => undefined}
    />,
  );
  expect(html).toMatch(/role="log" aria-live="off"/);
  expect(html).toMatch(/aria-live="polite" aria-relevant="additions" class="sr-only"/);
});

const nothing = () => undefined;

function doorOf(change: Partial<Door>, room: Partial<Door['room']> = {}): Door {
  const whole: Door['room'] = {
    roomId: roomIdSchema.parse('Aa0Bb1Cc2Dd3Ee4Ff5Gg6H'),
    createdAt: 0,
    expiresAt: 600_000,
    now: 0,
    members: 1,
    here: 1,
    maxMembers: 2,
    sealed: false,
    locked: false,
    entry: 'open',
    listed: false,
    slowModeSeconds: 0,
    signals: { typing: true, seen: true },
    files: null,
    ...room,
  };
  return {
    state: 'door',
    room: whole,
    clock: () => 0,
    suggestedName: 'Sly Fox',
    joining: false,
    failure: null,
    knock: null,
    draft: '',
    join: nothing,
    refresh: nothing,
    ...change,
  };
}

describe('an unsent text', () => {
  beforeAll(() => arrived(outsideScreens));

  const draft = 'half a sent';
  it.each<[string, RoomScreen]>([
    ['at the door of a full room', doorOf({ draft }, { members: 2 })],
    ['at the door of a locked room', doorOf({ draft }, { locked: true })],
    [
      'where the room cannot be reached',
      { state: 'unreachable', failure: { reason: 'offline' }, draft, retry: nothing },
    ],
    ['where the key is missing', { state: 'key-missing', draft }],
    ['where the key is wrong', { state: 'key-wrong', draft }],
    ['where the connection is not secure', { state: 'insecure-context', draft }],
    ['where the room has ended', { state: 'ended', reason: 'gone', draft }],
  ])('can be copied %s, and takes no space when it is empty', (_where, screen) => {
    expect(render(<RoomScreenView screen={screen} />)).toMatch(/<textarea readOnly[^>]*>half a sent</i);
    expect(render(<RoomScreenView screen={{ ...screen, draft: '' } as RoomScreen} />)).not.toContain('textarea');
  });
});

const loading: LoadingScreen = { state: 'loading', seated: false, suggestedName: null, joining: false, join: nothing };

it('the first drawing is a door with its field and its button, and for a member no door', () => {
  const door = render(<RoomScreenView screen={loading} />);
  expect(door).toMatch(/<h1[^>]*>Someone invited you to a private chat<\/h1>/);
  expect(door).toMatch(/<input[^>]*name="name"/);
  expect(door).toMatch(/<button type="submit"[^>]*>Join<\/button>/);
  expect(render(<RoomScreenView screen={{ ...loading, seated: true }} />)).not.toMatch(/Join|<input|invited/);
});

it.each<[Partial<Door['room']>, string]>([
  [{ here: 1, members: 1, maxMembers: 10 }, '1 person here · 9:58 left · end-to-end encrypted'],
  [{ here: 0, members: 1, maxMembers: 10 }, 'Nobody here · 9:58 left · end-to-end encrypted'],
  [{ here: 7, members: 8, maxMembers: 10 }, '7 people here, room for 2 more · 9:58 left · end-to-end encrypted'],
  [{ here: 2, members: 2, maxMembers: 2 }, '2 people here · 9:58 left · end-to-end encrypted'],
  [
    { here: 1, members: 1, maxMembers: 10, sealed: false },
    '1 person here · 9:58 left · not encrypted: the server can read what’s said',
  ],
  [
    { here: 1, members: 1, maxMembers: 10, sealed: false, listed: true, topic: 'Tomatoes' },
    '1 person here · 9:58 left · public and not encrypted: anybody can join and read',
  ],
])('the door says in one line who is here, how long, and who can read it: %j', (room, line) => {
  const html = render(<RoomScreenView screen={doorOf({}, { expiresAt: 598_000, sealed: true, ...room })} />);
  expect(html.replace(/<[^>]*>/g, '')).toContain(line);
  expect(html.includes('private chat')).toBe(room.sealed !== false);
});

it('the door of a public room is headed by its topic, made safe to show, and explains what public means', () => {
  const html = render(
    <RoomScreenView screen={doorOf({}, { listed: true, topic: 'Tomatoes \u202eand cucumbers', maxMembers: 10 })} />,
  );
  expect(html).toContain('Public chat: \u2068Tomatoes and cucumbers\u2069');
  expect(html).toContain(messages.door.whatPublic);
  expect(html).not.toContain(messages.door.whatSealed);
});

it('the heading of a door that is closed can take the focus of the field that went away', () => {
  expect(render(<RoomScreenView screen={doorOf({}, { locked: true })} />)).toMatch(/<h1[^>]* tabindex="-1"/i);
});
