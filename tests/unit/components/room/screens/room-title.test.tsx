// @vitest-environment happy-dom
import { NextIntlClientProvider } from 'next-intl';
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { RoomTitle } from '@/components/room/screens/room-title';
import messages from '@/i18n/words/en.json';
import { memberIdSchema } from '@/domain/room';
import { LOCALE } from '@/i18n/locale';
import { createStore } from '@/lib/store';
import type { RoomScreen } from '@/page/room-screen';
import type { RoomSession } from '@/session/room-session';
import type { Proposal } from '@/session/steering';
import type { Unread } from '@/session/unread';
import { nobodyAtDoor } from '@tests/support/nobody-at-door';

beforeAll(() => vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true));

/** Shows one screen after the other. */
function draw() {
  const root = createRoot(document.createElement('div'));
  onTestFinished(() => act(() => root.unmount()));
  return (screen: RoomScreen) => {
    act(() =>
      root.render(
        <NextIntlClientProvider {...{ locale: LOCALE, messages, timeZone: 'UTC' }}>
          <RoomTitle screen={screen} />
        </NextIntlClientProvider>,
      ),
    );
    return document.title;
  };
}

/** A screen as far as its title matters. */
const screenOf = (screen: object) => screen as RoomScreen;

const ended = (reason: string) => screenOf({ state: 'ended', reason, draft: 'half a sent' });

it.each<[string, RoomScreen, string]>([
  ['while nothing is known', screenOf({ state: 'loading' }), 'Room · Mayfly'],
  ['at the door', screenOf({ state: 'door' }), 'You’re invited · Mayfly'],
  ['where the room cannot be reached', screenOf({ state: 'unreachable' }), 'Can’t reach the room · Mayfly'],
  ['where the key is missing', screenOf({ state: 'key-missing' }), 'This link doesn’t open the room · Mayfly'],
  ['where the key is wrong', screenOf({ state: 'key-wrong' }), 'This link doesn’t open the room · Mayfly'],
  ['where the link was replaced', screenOf({ state: 'key-replaced' }), 'This link doesn’t open the room · Mayfly'],
  ['without https', screenOf({ state: 'insecure-context' }), 'Secure connection needed · Mayfly'],
  ['when the time was up', ended('expired'), 'Room ended · Mayfly'],
  ['when the owner has ended it', ended('destroyed'), 'Room ended · Mayfly'],
  ['when it is gone before its time', ended('gone'), 'Room ended · Mayfly'],
  ['when one has left', ended('left'), 'You left · Mayfly'],
  ['when one was removed', ended('removed'), 'No longer in the room · Mayfly'],
  ['when the seat was given away', ended('displaced'), 'No longer in the room · Mayfly'],
  ['when the seat is gone', ended('signed-out'), 'No longer in the room · Mayfly'],
])('the title says where one is: %s', (_where, screen, title) => {
  expect(draw()(screen)).toBe(title);
});

it('inside it counts what is unread, up to a bound, and the next screen has its own', () => {
  const unread = createStore<Unread>({ count: 0, latest: null, forYou: 0, latestForYou: null, line: null });
  const session = { unread, ...nobodyAtDoor() } as unknown as RoomSession;
  const show = draw();
  expect(show({ state: 'inside', session, hasFleetingKeys: false })).toBe('Room · Mayfly');
  const titleWith = (count: number) => {
    act(() => unread.set({ count, latest: null, forYou: 0, latestForYou: null, line: null }));
    return document.title;
  };
  expect([1, 2, 99, 100, 9_900, 0].map(titleWith)).toEqual([
    '(1) Mayfly',
    '(2) Mayfly',
    '(99) Mayfly',
    '(99+) Mayfly',
    '(99+) Mayfly',
    'Room · Mayfly',
  ]);
  titleWith(3);
  expect(show(ended('expired'))).toBe('Room ended · Mayfly');
});

it('what is for the reader counts apart', () => {
  const unread = createStore<Unread>({ count: 0, latest: null, forYou: 0, latestForYou: null, line: null });
  const show = draw();
  show({ state: 'inside', session: { unread, ...nobodyAtDoor() } as unknown as RoomSession, hasFleetingKeys: false });
  const titleWith = (count: number, forYou: number) => {
    act(() => unread.set({ count, latest: null, forYou, latestForYou: null, line: null }));
    return document.title;
  };
  expect(titleWith(1, 1)).toBe('(1 for you) Mayfly');
  expect(titleWith(5, 2)).toBe('(2 for you of 5) Mayfly');
  expect(titleWith(500, 200)).toBe('(99+ for you of 99+) Mayfly');
});

it('ten minutes more that wait for the reader’s answer come before what is unread', () => {
  const self = memberIdSchema.parse('S'.repeat(16));
  const other = memberIdSchema.parse('O'.repeat(16));
  const unread = createStore<Unread>({ count: 2, latest: null, forYou: 0, latestForYou: null, line: null });
  const proposal = createStore<Proposal | null>(null);
  const session = { unread, ...nobodyAtDoor(), proposal, info: createStore({ you: { memberId: self } }) };
  const show = draw();
  expect(show({ state: 'inside', session: session as unknown as RoomSession, hasFleetingKeys: false })).toBe(
    '(2) Mayfly',
  );
  const propose = (missing: Proposal['missing']) => {
    act(() => proposal.set({ by: other, agreed: [other], missing, until: 60_000 }));
    return document.title;
  };
  expect(propose([self])).toBe('Waiting for your answer · Mayfly');
  expect(propose([])).toBe('(2) Mayfly');
});
