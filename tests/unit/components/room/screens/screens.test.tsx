import { NextIntlClientProvider } from 'next-intl';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import { RoomScreenView } from '@/components/room/screens/room-screen';
import { Transcript } from '@/components/room/transcript/transcript';
import { roomIdSchema } from '@/domain/room';
import type { Door, RoomScreen } from '@/page/room-screen';
import messages from '@/i18n/words/en.json';
import { LOCALE } from '@/i18n/locale';
import { createStore } from '@/lib/store';
import type { RoomSession } from '@/session/room-session';

vi.mock('next/navigation', () => ({ useRouter: () => ({}) }));

const render = (element: React.ReactNode) =>
  renderToStaticMarkup(
    <NextIntlClientProvider {...{ locale: LOCALE, messages, timeZone: 'UTC' }}>{element}</NextIntlClientProvider>,
  );

it('arrivals are read out by a region of their own, and drawing the list again reads out nothing', () => {
  const transcript = createStore({ state: 'loading', older: 'none', entries: [] });
  const unread = createStore({ count: 0, latest: null, line: null });
  const html = render(
    <Transcript session={{ transcript, unread } as unknown as RoomSession} onDone={() => undefined} />,
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
    ...room,
  };
  return {
    state: 'door',
    room: whole,
    clock: () => 0,
    suggestedName: 'Sly Fox',
    joining: false,
    failure: null,
    draft: '',
    focused: false,
    join: nothing,
    refresh: nothing,
    ...change,
  };
}

describe('an unsent text', () => {
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

it('the heading of the door can take the focus where the control that had it went away', () => {
  const focusable = /<h1 tabindex="-1"/i;
  expect(render(<RoomScreenView screen={doorOf({ focused: true })} />)).toMatch(focusable);
  expect(render(<RoomScreenView screen={doorOf({})} />)).not.toMatch(focusable);
});
