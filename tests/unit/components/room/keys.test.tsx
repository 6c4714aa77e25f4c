import { NextIntlClientProvider } from 'next-intl';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import { Composer } from '@/components/room/composer/composer';
import { MutedNote } from '@/components/room/composer/muted-note';
import { RenewLinkDialog } from '@/components/room/header/renew-link-dialog';
import { PersonDetails } from '@/components/room/people/person-details';
import { PersonRow } from '@/components/room/people/person-row';
import { RemovePersonDialog } from '@/components/room/people/remove-person-dialog';
import { KeyTroubleScreen } from '@/components/room/screens/key-trouble-screen';
import { MessageGroup } from '@/components/room/transcript/message-group';
import { Notice } from '@/components/room/transcript/notice';
import { QuotedMessage } from '@/components/room/transcript/quoted-message';
import { cursorSchema, messageIdSchema } from '@/domain/message';
import { memberIdSchema, roomIdSchema, type Room } from '@/domain/room';
import messages from '@/i18n/words/en.json';
import { LOCALE } from '@/i18n/locale';
import { createDeferred } from '@/lib/deferred';
import { createStore } from '@/lib/store';
import type { Unreadable } from '@/session/messages/talk/heard';
import type { MessageEntry, NoticeEntry } from '@/session/messages/transcript';
import type { Person } from '@/session/people/roster';
import type { RoomInfo, RoomSession } from '@/session/room-session';
import { nobodyAtDoor } from '@tests/support/nobody-at-door';

const render = (element: React.ReactNode) =>
  renderToStaticMarkup(
    <NextIntlClientProvider {...{ locale: LOCALE, messages, timeZone: 'UTC' }}>{element}</NextIntlClientProvider>,
  );

// Times are written as the reader's country does.
vi.stubGlobal('navigator', { languages: ['en'] });

const nothing = () => undefined;
const ann = memberIdSchema.parse('Abcd123456789012');
const bob = memberIdSchema.parse('Efgh123456789012');

const sealedRoom: Room = {
  roomId: roomIdSchema.parse('Aa0Bb1Cc2Dd3Ee4Ff5Gg6H'),
  createdAt: 0,
  expiresAt: 600_000,
  now: 0,
  members: 2,
  here: 2,
  maxMembers: 10,
  sealed: true,
  locked: false,
  entry: 'open',
  listed: false,
  slowModeSeconds: 0,
  signals: { typing: true, seen: true },
  files: null,
};

const person: Person = {
  memberId: bob,
  name: 'Bob',
  tint: 3,
  owner: false,
  here: true,
  self: false,
  joinedAt: 0,
};

/** The parts of a session that these components read. */
function sessionOf(info: Partial<RoomInfo> = {}, room: Partial<Room> = {}): RoomSession {
  const whole: RoomInfo = {
    room: { ...sealedRoom, ...room },
    you: { memberId: ann, owner: true, name: 'Ann' },
    safetyPhrase: null,
    link: 'https://mayfly.test/room/Aa0Bb1Cc2Dd3Ee4Ff5Gg6H#secret',
    muted: null,
    canRekey: true,
    ...info,
  };
  const composer = createStore({ draft: 'hello', fault: null, remaining: 995, mode: { kind: 'write' } });
  const parts = {
    info: createStore(whole),
    composer,
    people: createStore([person]),
    signals: { typing: createStore([]), seen: createStore(new Map()) },
    slowUntil: createStore(0),
    isVacant: createStore(false),
    files: { limits: createStore(null) },
    actions: createStore({ pending: null, failure: null }),
    ...nobodyAtDoor(),
    memberMark: () => createDeferred(() => new Promise<Uint8Array>(nothing)),
  };
  return parts as unknown as RoomSession;
}

const messageOf = (details: Partial<MessageEntry>): MessageEntry => ({
  kind: 'message',
  id: messageIdSchema.parse('message-1'),
  key: 'message-1',
  memberId: bob,
  self: false,
  name: 'Bob',
  tint: 3,
  text: 'Hello',
  timestamp: 0,
  state: 'sent',
  ...details,
});

const groupOf = (message: MessageEntry) => (
  <MessageGroup
    group={{
      kind: 'messages',
      key: message.key,
      isAfterPause: false,
      isContinued: false,
      first: message,
      messages: [message],
    }}
    session={sessionOf()}
    onDone={nothing}
  />
);

describe('a message that is not shown', () => {
  it.each<[Unreadable, string]>([
    ['unopened', 'This message could not be opened.'],
    ['unverified', 'This message could not be verified, so it is not shown.'],
    ['unknown-epoch', 'This message needs a key that this page doesn’t have.'],
    ['newer', 'This message needs a newer page.'],
  ])('says why, alone and above a reply: %s', (unreadable, sentence) => {
    expect(render(groupOf(messageOf({ text: null, unreadable })))).toContain(`<em class="text-soft">${sentence}</em>`);
    const { kind: _kind, ...quote } = { ...messageOf({ text: null }), state: unreadable };
    expect(render(<QuotedMessage onGo={() => undefined} quote={quote} />)).toContain(sentence);
  });
});

describe('a member whose card does not verify', () => {
  const unverified = { name: null, unverified: true } as const;
  const rowOf = (details: Partial<Person>) =>
    render(
      <PersonRow person={{ ...person, ...details }} session={sessionOf()} onDetails={nothing} onRemove={nothing} />,
    );

  it('has a label made from their id, and a mark beside it in the list and at each message', () => {
    for (const html of [rowOf(unverified), render(groupOf(messageOf(unverified)))]) {
      expect(html).toMatch(/<bdi [^>]*>Guest Efgh<\/bdi>/);
      expect(html).toContain('Not verified');
    }
    for (const html of [rowOf({}), render(groupOf(messageOf({})))]) expect(html).not.toContain('Not verified');
  });

  it('is explained in their details, where a mark would promise what nobody knows', () => {
    const detailsOf = (details: Partial<Person>) =>
      render(
        <PersonDetails
          session={{ ...sessionOf(), people: createStore([]) }}
          person={{ ...person, ...details }}
          onGive={null}
          onClose={nothing}
          onDone={nothing}
        />,
      );
    expect(detailsOf(unverified)).toContain('Nobody can tell who this is');
    expect(detailsOf(unverified)).not.toContain('If they are the same');
    expect(detailsOf({})).not.toContain('Nobody can tell who this is');
  });
});

describe('the details of a person', () => {
  const rowOf = (onDetails: (() => void) | null) =>
    render(<PersonRow person={person} session={sessionOf()} onDetails={onDetails} onRemove={null} />);

  it('are a button in a sealed room, and in a plain one there is nothing to compare', () => {
    expect(rowOf(nothing)).toMatch(/<button [^>]*aria-haspopup="dialog"[^>]*>.*Bob/);
    expect(rowOf(null)).not.toContain('<button');
  });

  it('say how to compare the mark, one’s own and another’s', () => {
    const sentence = (details: Partial<Person>) =>
      render(
        <PersonDetails
          session={{ ...sessionOf(), people: createStore([]) }}
          person={{ ...person, ...details }}
          onGive={null}
          onClose={nothing}
          onDone={nothing}
        />,
      );
    expect(sentence({})).toContain('These words stand for the keys of \u2068Bob\u2069 in this room.');
    expect(sentence({ self: true })).toContain('These words stand for your keys in this room');
  });
});

describe('removing somebody', () => {
  const dialogOf = (info: Partial<RoomInfo>, room: Partial<Room> = {}) =>
    render(<RemovePersonDialog session={sessionOf(info, room)} person={person} onRemove={nothing} onClose={nothing} />);
  const FOR_GOOD = 'can’t come back by the old link';

  it('says that they are out for good, and offers no lock, where the room gets a new key', () => {
    const html = dialogOf({ canRekey: true });
    expect(html).toContain(FOR_GOOD);
    expect(html).not.toContain('Remove and lock');
  });

  it('offers to lock the room where it gets no new key', () => {
    const html = dialogOf({ canRekey: false });
    expect(html).not.toContain(FOR_GOOD);
    expect(html).toContain('Remove and lock');
    expect(dialogOf({ canRekey: false }, { locked: true })).not.toContain('Remove and lock');
  });
});

it('a new link is asked for with what it does to the old one', () => {
  const html = render(<RenewLinkDialog session={sessionOf()} open onClose={nothing} />);
  expect(html).toContain('Everybody in the room moves to the new link automatically.');
  expect(html).toContain('The old link no longer opens the room');
});

describe('a page that sends nothing because of its keys', () => {
  const troubles = Object.keys({
    'not-next': 0,
    'no-wrap': 0,
    'wrong-check': 0,
    'previous-unverified': 0,
    'another-secret': 0,
    'not-listed': 0,
    'not-the-owner': 0,
    'maker-unverified': 0,
    'rolled-back': 0,
    split: 0,
  } satisfies Record<Exclude<RoomInfo['muted'], null | 'keys-lost'>, 0>) as Exclude<RoomInfo['muted'], null>[];
  const noteOf = (muted: RoomInfo['muted']) => render(<MutedNote session={sessionOf({ muted })} />);
  const composerOf = (muted: RoomInfo['muted']) =>
    render(<Composer session={sessionOf({ muted })} field={{ current: null }} onHelp={() => undefined} />);

  it.each(troubles)('interrupts, says why and what to do: %s', (muted) => {
    const html = noteOf(muted);
    expect(html).toMatch(/^<div[^>]*><div role="alert"/);
    expect(html).toContain('Nothing is sent from this page');
    expect(html).toContain('Ask the others in another way');
    // It stays: there is nothing to dismiss it with.
    expect(html).not.toContain('<button');
  });

  it('says so quietly where this browser has only lost its keys', () => {
    const html = noteOf('keys-lost');
    expect(html).toContain('role="status"');
    expect(html).toContain('You can read, but not write yet');
    expect(html).not.toContain('Ask the others');
  });

  it('says nothing while all is well', () => {
    expect(noteOf(null)).toBe('');
  });

  it('says at the composer why the draft is not sent', () => {
    const inert = /type="submit"[^>]* aria-disabled="true"/;
    expect(composerOf('split')).toContain('Nothing is sent while the key of the room is in doubt.');
    expect(composerOf('split')).toMatch(inert);
    expect(composerOf('keys-lost')).toContain('Nothing is sent until this browser has new keys.');
    expect(composerOf('keys-lost')).toMatch(inert);
    expect(composerOf(null)).not.toMatch(inert);
  });
});

describe('a notice', () => {
  const noticeOf = (details: Partial<NoticeEntry>) => {
    const entry: NoticeEntry = {
      kind: 'notice',
      id: '1-0',
      cursor: cursorSchema.parse('1-0'),
      timestamp: 0,
      notice: 'rekeyed',
      memberId: ann,
      name: 'Ann',
      self: false,
      ...details,
    };
    return render(<Notice group={{ kind: 'notice', key: entry.id, isAfterPause: false, entry, count: 1 }} />);
  };

  it.each<[string, Partial<NoticeEntry>, string]>([
    [
      'of a new key asks to compare the phrase again',
      {},
      '\u2068Ann\u2069 renewed the link. Compare the safety phrase',
    ],
    ['of one’s own new key does, too', { self: true }, 'You renewed the link. Compare the safety phrase'],
    [
      'of a moved seat asks to compare the mark again',
      { notice: 'moved', otherId: bob, newName: 'Ann' },
      '\u2068Ann\u2069’s keys changed. Compare their mark',
    ],
    [
      'of a moved seat gives the name that it has now',
      { notice: 'moved', otherId: bob, newName: 'Ann', newMark: 2 },
      '\u2068Ann\u2069’s keys changed, and they are now called \u2068Ann\u2069 · 2.',
    ],
    [
      'of a moved seat without a name shows both labels',
      { notice: 'moved', name: null, otherId: bob, newName: null },
      '\u2068Guest Abcd\u2069’s keys changed, and they are now called \u2068Guest Efgh\u2069.',
    ],
  ])('%s', (_what, details, sentence) => {
    expect(noticeOf(details)).toContain(sentence);
  });
});

describe('a link that was replaced', () => {
  it('is not called a wrong one, and says that nobody has joined', () => {
    const html = render(<KeyTroubleScreen trouble="key-replaced" draft="" />);
    expect(html).toContain('This link was replaced');
    expect(html).toContain('Ask somebody in the room for the new link.');
    expect(html).toContain('You haven’t joined');
  });

  it('does not say so to a member who lost their keys', () => {
    const html = render(<KeyTroubleScreen trouble="seated" draft="" />);
    expect(html).toContain('You still have your seat');
    expect(html).not.toContain('You haven’t joined');
  });
});
