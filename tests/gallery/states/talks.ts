import type { MessageEntry } from '@/session/messages/transcript';
import type { Screen } from '../state';
import { NOW } from '../moment';
import { ines, layla, ownerRowan, person, rowan, you, youAsGuest } from '../people';
import { goingOn, notice, quote, says, talk, type Line } from '../talk';
import { inside } from './inside';

const people = [you, rowan, ines];
const crowd = [
  ...people,
  layla,
  ...['Quiet Otter', 'Sunny Wren', 'Amber Fox', 'Noble Heron', 'Calm Lynx', 'Ayşe'].map((name, tint) =>
    person(name, { tint: tint * 2 }),
  ),
];

/** The talk that most states of a room stand in. */
export const TALK: readonly Line[] = [
  notice('joined', rowan),
  says(rowan, 'Hi! Is this the place?'),
  says(you, 'It is. Ten minutes, then it’s gone.', { pause: 12 }),
  says(you, 'Ask away.'),
  notice('joined', ines, { pause: 30 }),
  says(ines, 'Hello both 👋', { pause: 4 }),
  says(rowan, 'The draft is nearly done. Two things are left: the numbers on page four, and who signs.', { pause: 20 }),
  says(rowan, 'Can one of you look at the numbers?'),
  says(ines, 'I can. Send them over?', { re: quote(rowan, 'Can one of you look at the numbers?') }),
  says(you, 'Then I’ll sign.', { reactions: [{ emoji: '👍', count: 2, mine: false, by: [rowan, ines] }] }),
];

/** As many as a chip names. */
const CROWD = ['Ada', 'Ben', 'Cleo', 'Dan', 'Eve', 'Finn', 'Gina', 'Hugo', 'Ida', 'Jan'].map((name) => person(name));

const LONG_TALK = Array.from({ length: 8 }, (_, turn) => [
  says(rowan, `Question ${turn + 1}: what should we do about the next item on the list?`, { pause: 9 }),
  says(you, 'Whatever is simplest. We can always do more later.'),
]).flat();

const withState = (text: string, state: MessageEntry['state'], rest: Partial<MessageEntry> = {}) =>
  says(you, text, { state, ...rest });
const failed = (text: string, reason: NonNullable<MessageEntry['failure']>['reason'] = 'invalid_request') =>
  withState(text, 'failed', { failure: { reason } });

export const talks = {
  talk: inside({ people, entries: talk(...TALK) }),
  typing: inside({ people, entries: talk(...TALK), typing: [rowan] }),
  'three typing': inside({ people: [...people, layla], entries: talk(...TALK), typing: [rowan, layla, ines] }),
  'several typing': inside({ people: crowd, entries: talk(...TALK), typing: crowd.slice(1) }),
  seen: inside({ people, entries: talk(...TALK), seen: { 3: [rowan], 9: [ines] } }),
  'seen by many': inside({
    people: crowd,
    entries: talk(...TALK),
    seen: { 7: crowd.slice(1, 3), 9: crowd.slice(3) },
  }),
  'as a guest': inside({ people: [ownerRowan, youAsGuest, ines], entries: talk(...TALK) }),
  'something new': inside({ people, entries: talk(...TALK), newAt: 6 }),
  'something new within a group': inside({ people, entries: talk(...TALK), newAt: 7 }),
  groups: inside({
    people,
    entries: talk(
      says(rowan, 'One'),
      says(rowan, 'Two'),
      says(rowan, 'Three'),
      says(rowan, 'After a while, four.', { pause: 200 }),
      says(ines, 'Five'),
      says(you, 'Six'),
      says(you, 'Seven, and a longer one that takes more than a single line on most screens, I would think.'),
      says(you, 'Eight'),
    ),
  }),
  'long words': inside({
    people: [
      you,
      person('Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft', {
        id: 'Dona',
        tint: 4,
      }),
    ],
    entries: talk(
      says(
        person('Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft', {
          id: 'Dona',
          tint: 4,
        }),
        'Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz',
      ),
      says(you, 'x'.repeat(200)),
      says(
        rowan,
        'https://example.org/a/very/long/address/that/goes/on/and/on?with=a&query=that&does=the&same=thing#and-a-fragment',
      ),
    ),
  }),
  'links and lines': inside({
    people,
    entries: talk(
      says(rowan, 'See https://example.org, or http://example.com/path?q=1 (the old one).'),
      says(you, 'First line\nSecond line\n\n    and an indented one after a gap'),
      says(ines, 'example.net is no link, ftp://example.org neither'),
    ),
  }),
  emoji: inside({
    people,
    entries: talk(
      says(rowan, '🎉'),
      says(you, '😀🦊'),
      says(ines, '👩‍👩‍👧‍👦🏳️‍🌈👍🏽'),
      says(rowan, '🔥🔥🔥🔥'),
      says(you, 'Nice 🎉'),
    ),
  }),
  quotes: inside({
    people,
    entries: talk(
      says(rowan, 'Answering you', { re: quote(you, 'What do you think?') }),
      says(you, 'Answering a long one', {
        re: quote(
          rowan,
          'A long message that somebody wrote earlier and that takes more than two lines when it is quoted above a reply. '.repeat(
            3,
          ),
        ),
      }),
      says(ines, 'Answering what is not loaded', { re: quote(rowan, null, { state: 'not-loaded' }) }),
      says(ines, 'Answering what was taken back', { re: quote(rowan, null, { state: 'taken-back' }) }),
      says(rowan, 'Answering what cannot be read', { re: quote(ines, null, { state: 'unopened' }) }),
    ),
  }),
  reactions: inside({
    people,
    entries: talk(
      says(rowan, 'Pizza at seven?', {
        reactions: [
          { emoji: '👍', count: 3, mine: true, by: [ines, you, rowan] },
          { emoji: '🍕', count: 12, mine: false, by: CROWD },
        ],
      }),
      says(you, 'Which one?', {
        reactions: [
          '😀',
          '🦊',
          '🎉',
          '🔥',
          '👀',
          '💎',
          '🌈',
          '⭐',
          '🍋',
          '🎺',
          '🌵',
          '🧦',
          '🐢',
          '🎈',
          '🥐',
          '🔭',
          '🌷',
          '🛶',
          '🏰',
          '🚀',
          '🎻',
          '🧀',
          '🍉',
        ]
          .slice(0, 20)
          .map((emoji, index) => ({
            emoji,
            count: 1 + (index % 4),
            mine: index === 2,
            by: [index === 2 ? you : ines],
          })),
        moreReactions: 430,
      }),
    ),
  }),
  'taken back, undoable': inside({
    people,
    entries: talk(
      ...TALK.slice(0, 8),
      says(you, 'A slip', { leaving: 'undoable' }),
      says(rowan, 'Kind', { leaving: 'sent' }),
    ),
  }),
  'looking for a message': inside({
    people,
    destination: { key: 'somewhere', state: 'looking' },
    entries: talk(...TALK),
  }),
  'a message that cannot be found': inside({
    people,
    destination: { key: 'nowhere', state: 'missing' },
    entries: talk(...TALK),
  }),
  'a message that was gone to': inside({
    people,
    destination: { key: 'message-00000006', state: 'there' },
    entries: talk(...TALK),
  }),
  'actions of a message': inside({ people, entries: talk(...TALK) }, { act: ({ aimAt }) => aimAt(7) }),
  'own actions': inside({ people, entries: talk(...TALK) }, { act: ({ aimAt }) => aimAt(3) }),
  'menu of a message': inside(
    { people, entries: talk(...TALK) },
    {
      act: async ({ t, aimAt, press, see }) => {
        await aimAt(3);
        await press(t('message.more'));
        await see(t('message.takeBack'));
      },
    },
  ),
  'menu of a message on touch': inside(
    { people, entries: talk(...TALK) },
    {
      act: async ({ t, hold, see }) => {
        await hold(7);
        await see(t('message.copyWith'));
      },
    },
  ),
  'emoji picker': inside(
    { people, entries: talk(...TALK) },
    {
      act: async ({ t, aimAt, press, see }) => {
        await aimAt(7);
        await press(t('message.react'));
        await see('🥳');
      },
    },
  ),
  'emoji picker, nothing found': inside(
    { people, entries: talk(...TALK) },
    {
      act: async ({ t, aimAt, press, fill, see }) => {
        await aimAt(7);
        await press(t('message.react'));
        await see('🥳');
        await fill(t('message.filter'), 'xyzzy');
        await see(t('message.none'));
      },
    },
  ),
  edited: inside({
    people,
    entries: talk(
      says(rowan, 'At eight, not at seven.', { edited: NOW - 2_000 }),
      says(you, 'Corrected, too.', { edited: NOW - 2_000 }),
    ),
  }),
  unreadable: inside({
    people,
    entries: talk(
      says(rowan, null, { unreadable: 'unopened' }),
      says(ines, null, { unreadable: 'newer' }),
      says(rowan, null, { unreadable: 'unknown-epoch' }),
      says(person('Rowan', { id: 'Impostor', mark: 2, tint: 8, unverified: true }), null, { unreadable: 'unverified' }),
    ),
  }),
  notices: inside({
    people,
    entries: talk(
      notice('joined', you),
      notice('joined', rowan),
      notice('joined', ines),
      notice('renamed', rowan, { newName: 'Rowan B.' }),
      notice('renamed', rowan, { newName: null }),
      notice('other-name', ines, { newName: 'Somebody' }),
      notice('locked'),
      notice('waited'),
      notice('unlocked'),
      notice('moved', ines, { newName: 'Inês' }),
      notice('rekeyed', you),
      notice('took-back', rowan),
      notice('took-back', rowan),
      notice('owner-took-back', you, { newName: 'Rowan' }),
      notice('taken-back', ines),
      notice('displaced', ines),
      notice('removed', person('Kim', { tint: 3 })),
      notice('left', rowan),
      notice('new-owner', you),
      notice('listed', undefined, { topic: 'Balcony tomatoes' }),
      notice('topic', undefined, { topic: 'Tomatoes, and what eats them' }),
      notice('unlisted'),
    ),
  }),
  formatted: inside({
    people,
    entries: talk(
      says(rowan, 'A **bold** word, a *slanted* one, a ~~struck~~ one and `some code` in a line.'),
      says(you, '**All of it *at once*, and `code`** as in snake_case'),
      says(ines, 'Two things:\n- the numbers on page four\n- who **signs**\nThat’s all.'),
      says(you, '1. First\n2. Second, and a longer one that takes more than a single line on most screens\n10. Tenth'),
      says(rowan, '> It is. Ten minutes, then it’s gone.\n> And nobody has an account.\nAgreed.', {
        edited: NOW - 2_000,
      }),
    ),
  }),
  'formatted code': inside({
    people,
    entries: talk(
      says(
        rowan,
        'Like so:\n```ts\n// Adds one.\nexport const next = (count: number) => count + 1;\nconst name = "a longer text that takes more than one line on a phone";\n```',
      ),
      says(you, '```\nls -l\n```\ndoes it.', { edited: NOW - 2_000 }),
    ),
  }),
  'formatted, last minute': inside({
    people,
    room: { expiresAt: NOW + 42_000 },
    entries: talk(
      says(rowan, '**Bold** `code`\n> a quote\n```js\nconst one = 1; // "one"\n```'),
      says(you, '**Bold** `code` https://example.org\n> a quote\n```js\nconst one = 1; // "one"\n```'),
      notice('last-minute', undefined, { pause: 1 }),
    ),
  }),
  'formatted, right to left': inside({
    people: [you, layla, rowan],
    entries: talk(
      says(layla, 'هذه كلمة **مهمة** و `const a = 1` في السطر\n- أولا\n- ثانيا\n> اقتباس هنا'),
      says(layla, 'الكود:\n```js\nif (a > 1) return "مرحبا";\n```\nشكرا'),
      says(you, 'An English line.\n\nفقرة **عربية** بعدها'),
    ),
  }),
  'right to left': inside({
    people: [you, layla, rowan],
    entries: talk(
      notice('joined', layla),
      says(layla, 'مرحبا! هل تسمعونني؟'),
      says(you, 'Yes, perfectly.'),
      says(layla, 'ممتاز، الرابط هنا https://example.org شكرا'),
      says(layla, 'And one in English.', { re: quote(layla, 'مرحبا! هل تسمعونني؟') }),
      says(you, 'שלום לכולם'),
    ),
  }),
  sending: inside({
    people,
    entries: talk(...TALK, withState('On its way', 'sending'), withState('And another', 'sending')),
  }),
  waiting: inside({
    people,
    connection: 'offline',
    entries: talk(...TALK, withState('This waits for the line', 'waiting'), withState('So does this', 'waiting')),
  }),
  'waiting, too fast': inside({
    people,
    outgoing: { isUnsent: true, isWaiting: true, rest: { reason: 'rate_limited', until: NOW + 5_000 } },
    entries: talk(...TALK, withState('This came too soon', 'waiting'), withState('So did this', 'waiting')),
  }),
  'waiting in a plain room': inside({
    people,
    room: { sealed: false },
    connection: 'offline',
    outgoing: { isUnsent: true, isWaiting: true },
    entries: talk(...TALK, withState('This waits for the line', 'waiting')),
  }),
  failed: inside({ people, entries: talk(...TALK, failed('This one was refused')) }),
  'several failed': inside({
    people,
    entries: talk(
      ...TALK.slice(0, 4),
      ...Array.from({ length: 8 }, (_, index) => failed(`Refused, number ${index + 1}`)),
      says(rowan, 'And what came in meanwhile'),
    ),
  }),
  'several failed, listed': inside(
    {
      people,
      entries: talk(...TALK.slice(0, 2), failed('Refused'), failed('Too much', 'message_limit_reached')),
    },
    { act: ({ t, press }) => press(t('transcript.countNotSent', { count: 2 })) },
  ),
  'failed for good': inside({
    people,
    entries: talk(...TALK.slice(0, 4), failed('Too much', 'message_limit_reached')),
  }),
  'older: more': inside(
    { people, transcript: { older: 'more' }, entries: talk(...LONG_TALK) },
    { act: ({ scrollTo }) => scrollTo(0) },
  ),
  'older: loading': inside(
    { people, transcript: { older: 'loading' }, entries: talk(...LONG_TALK) },
    { act: ({ scrollTo }) => scrollTo(0) },
  ),
  'older: failed': inside(
    { people, transcript: { older: 'failed' }, entries: talk(...LONG_TALK) },
    { act: ({ scrollTo }) => scrollTo(0) },
  ),
  'scrolled up': inside({ people, entries: talk(...LONG_TALK) }, { act: ({ scrollTo }) => scrollTo(40) }),
  'scrolled up, new messages': inside(
    { people, entries: talk(...LONG_TALK) },
    {
      act: async ({ t, scrollTo, see }, session) => {
        await scrollTo(40);
        session.arrive(
          goingOn(talk(...LONG_TALK), says(rowan, 'Are you there?'), says(ines, 'They read.'), says(rowan, 'Ah.')),
        );
        await see(t('transcript.newMessages', { count: 3 }));
      },
    },
  ),
  'draft with few characters left': inside({ people, entries: talk(...TALK), draft: 'word '.repeat(190) }),
  'draft too long': inside({ people, entries: talk(...TALK), draft: 'word '.repeat(204) }),
} satisfies Screen;
