import type { Composer } from '@/session/messages/composer';
import type { MessageEntry } from '@/session/messages/transcript';
import type { Hands } from '../hands';
import type { StillSession } from '../session';
import { ines, layla, person, rowan, you } from '../people';
import type { Screen } from '../state';
import { goingOn, quote, says, talk } from '../talk';
import { inside } from './inside';
import { TALK } from './talks';

const people = [you, rowan, ines];
const entries = talk(...TALK);
const LONG =
  'A long message that somebody wrote earlier, of which the first line is enough to know it again.\nAnd a second line.';

type Mode = Composer['mode'];
const replyTo = (text: string | null, rest: Parameters<typeof quote>[2] = {}, to = rowan): Mode => ({
  kind: 'reply',
  to: { id: idOf(entries), by: to.memberId },
  quote: quote(to, text, rest),
});
const editOf = (text: string | null, rest: Parameters<typeof quote>[2] = {}): Mode => ({
  kind: 'edit',
  id: idOf(entries),
  quote: quote(you, text, rest),
  earlier: { text: '' },
});

function idOf(all: typeof entries): MessageEntry['id'] {
  const message = all.find((entry) => entry.kind === 'message');
  if (message === undefined) throw new Error('nothing was said');
  return message.id;
}

const namesakes = [
  you,
  rowan,
  person('Rowan', { id: 'RowanTwo', tint: 8, mark: 2, here: false }),
  person('Rowena of the long and winding name that does not end', { id: 'Rowena', tint: 4 }),
  layla,
  ines,
];

async function type({ t, fill, see }: Hands, text: string, until: string) {
  document.querySelector<HTMLTextAreaElement>('form textarea')?.focus();
  await fill(t('composer.label'), text);
  await see(until);
}

const forYou = (text: string, kind: 'mention' | 'reply') =>
  says(rowan, text, {
    forYou: kind,
    ...(kind === 'reply' && { re: quote(you, 'Then I’ll sign.') }),
    ...(kind === 'mention' && { mentions: [{ memberId: you.memberId, name: you.name ?? '', self: true }] }),
  });
const spoken = talk(
  ...TALK,
  forYou('Perfect, thank you.', 'reply'),
  forYou(`And @${you.name}, could you send it to the others as well?`, 'mention'),
  says(ines, 'I have it already.'),
);
const long = talk(...TALK, ...TALK.slice(1), ...TALK.slice(1));
function unreadIn(arrived: typeof entries) {
  const forYou = arrived.filter((entry) => entry.kind === 'message').filter((entry) => entry.forYou !== undefined);
  const message = forYou.at(-1);
  const latestForYou = message === undefined ? null : { message, why: message.forYou ?? ('mention' as const) };
  return { count: forYou.length, forYou: forYou.length, latestForYou };
}

async function missFurtherUp({ scrollTo, see }: Hands, session: StillSession, arrived: typeof entries, words: string) {
  await scrollTo(40);
  session.arrive(arrived);
  session.miss(unreadIn(arrived));
  await see(words);
}

const isolated = `\u2068${rowan.name}\u2069`;
const called = goingOn(long, forYou(`@${you.name}, are you there?`, 'mention'));
const calledTwice = goingOn(called, says(ines, 'They read.'), forYou('The answer is yes.', 'reply'));

export const composing = {
  replying: inside({ people, entries, mode: replyTo('Can one of you look at the numbers?') }),
  'replying to a long one': inside({ people, entries, draft: 'I think so', mode: replyTo(LONG) }),
  'replying to oneself': inside({ people, entries, mode: replyTo('Then I’ll sign.', {}, you) }),
  'replying in Arabic': inside({ people: [you, layla], entries, mode: replyTo('مرحبا! هل تسمعونني؟', {}, layla) }),
  'replying to what is gone': inside({ people, entries, draft: 'Yes', mode: replyTo(null, { state: 'taken-back' }) }),
  editing: inside({ people, entries, draft: 'Then I’ll sign it.', mode: editOf('Then I’ll sign.') }),
  'editing, emptied': inside({ people, entries, mode: editOf('Then I’ll sign.') }),
  'editing what is gone': inside({ people, entries, draft: 'Then I’ll', mode: editOf(null, { state: 'taken-back' }) }),
  'eight lines': inside({
    people,
    entries,
    draft: Array.from({ length: 12 }, (_, line) => `Line ${line + 1}`).join('\n'),
  }),
  'a name': inside(
    { people: namesakes, entries },
    { act: (hands) => type(hands, 'Ask @', hands.t('composer.mentionCount', { count: 5 })) },
  ),
  'a name, begun': inside(
    { people: namesakes, entries },
    { act: (hands) => type(hands, 'Ask @row', hands.t('composer.mentionCount', { count: 3 })) },
  ),
  'no command': inside(
    { people, entries, draft: '/etc/hosts has it' },
    {
      act: async ({ t, press, see }) => {
        await press(t('composer.send'));
        await see(t('composer.unknownCommand', { command: '\u2068/etc/hosts\u2069' }));
      },
    },
  ),
  'for you': inside({ people, entries: spoken }),
  'for you, further down': inside(
    { people, entries: long },
    {
      act: (hands, session) =>
        missFurtherUp(hands, session, called, hands.t('toast.mentioned', { name: isolated, more: 0 })),
    },
  ),
  'for you twice, further down': inside(
    { people, entries: long },
    {
      act: (hands, session) =>
        missFurtherUp(hands, session, calledTwice, hands.t('toast.replied', { name: isolated, more: 1 })),
    },
  ),
  cleared: inside({
    people,
    entries: talk(says(rowan, 'Where were we?')),
    transcript: { cleared: true },
  }),
  keys: inside(
    { people, entries },
    {
      act: async ({ t, press, see }) => {
        await press(t('room.menu'));
        await press(t('room.help'));
        await see(t('help.editLast'));
      },
    },
  ),
} satisfies Screen;
