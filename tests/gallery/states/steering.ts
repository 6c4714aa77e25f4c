import type { Proposal } from '@/session/steering';
import type { Hands } from '../hands';
import { NOW } from '../moment';
import { ines, ownerRowan, person, rowan, you, youAsGuest } from '../people';
import type { Screen } from '../state';
import { notice, says, talk } from '../talk';
import { inside } from './inside';
import { TALK } from './talks';

const people = [you, rowan, ines];
const asGuest = [ownerRowan, youAsGuest, ines];
const entries = talk(...TALK);
const isolated = `\u2068${rowan.name}\u2069`;
const ending = { expiresAt: NOW + 96_000 };

const proposalOf = (agreed: readonly (typeof you)[], missing: readonly (typeof you)[]): Proposal => ({
  by: (agreed[0] ?? you).memberId,
  agreed: agreed.map(({ memberId }) => memberId),
  missing: missing.map(({ memberId }) => memberId),
  until: NOW + 48_000,
});

const LONG_NAMES = [
  'Rowena of the long and winding name that does not end',
  'Maximiliane-Charlotte',
  'Bo',
  'Cleo',
  'Dani',
];
const crowd = LONG_NAMES.map((name, index) => person(name, { tint: index }));
const lead = person('Ada-Theodora Featherstonehaugh the Third', { tint: 3 });

const asked = ({ t, see }: Hands) => see(t('steering.agree'));
const proposes = (who: typeof you) => ({
  memberId: who.memberId,
  name: who.name,
  tint: who.tint,
  self: who.self,
});

async function openMenu({ t, press, see }: Hands, item: string) {
  await press(t('room.menu'));
  await see(item);
}

async function openDetails({ t, press, pressIn, see }: Hands) {
  if (document.querySelector('aside') === null) await press(t('room.peopleLabel', { here: 3, taken: 3, max: 10 }));
  await pressIn('ul', 'Rowan');
  await see(t('steering.give', { name: isolated }));
}

export const steering = {
  'ten minutes more, proposed': inside({ people, entries, proposal: proposalOf([rowan], [you, ines]) }, { act: asked }),
  'ten minutes more, proposed near the end': inside(
    { people, entries, room: ending, proposal: proposalOf([rowan, ines], [you]) },
    { act: asked },
  ),
  'ten minutes more, proposed to many': inside(
    {
      people: [you, lead, ...crowd],
      entries,
      draft: 'Half a sentence',
      proposal: proposalOf([lead, ...crowd.slice(0, 2)], [you, ...crowd.slice(2)]),
    },
    { act: asked },
  ),
  'ten minutes more, proposed by oneself': inside(
    { people, entries, proposal: proposalOf([you], [rowan, ines]) },
    { act: ({ t, see }) => see(t('steering.withdraw')) },
  ),
  'ten minutes more, agreed': inside(
    { people, entries, proposal: proposalOf([rowan, you], [ines]) },
    { act: ({ t, see }) => see(t('steering.proposed', { name: isolated })) },
  ),
  'ten minutes more, all agreed': inside(
    { people, entries, proposal: proposalOf([you, rowan, ines], []) },
    { act: ({ t, see }) => see(t('steering.withdraw')) },
  ),
  'ten minutes more, offered': inside(
    { people: asGuest, entries, room: ending },
    { act: ({ t, see }) => see(t('lastWords.more')) },
  ),
  'ten minutes more, granted': inside({
    people,
    entries: talk(...TALK, notice('extended', undefined, { people: [rowan, you, ines].map(proposes) })),
    room: { createdAt: NOW - 520_000, expiresAt: NOW + 680_000 },
  }),
  'ten minutes more, granted in the last minute': inside({
    people: [you],
    entries: talk(
      ...TALK,
      notice('last-minute'),
      says(rowan, 'I have to go.'),
      notice('extended', undefined, { people: [you].map(proposes) }),
    ),
    room: { createdAt: NOW - 570_000, expiresAt: NOW + 630_000 },
  }),
  'ten minutes more, not granted': inside({ people, entries: talk(...TALK, notice('not-extended')) }),
  'ten minutes more, refused': inside({
    people,
    entries,
    actions: { failure: { reason: 'cannot_extend' } },
  }),
  'the owner is away': inside(
    { people: [{ ...ownerRowan, here: false }, youAsGuest, ines], entries, isVacant: true },
    { act: ({ t, see }) => see(t('steering.takeOver')) },
  ),
  'details, as the owner': inside({ people, entries }, { act: openDetails }),
  'make owner?': inside(
    { people, entries },
    {
      act: async (hands) => {
        await openDetails(hands);
        await hands.press(hands.t('steering.give', { name: isolated }));
        await hands.see(hands.t('steering.giveBody'));
      },
    },
  ),
  'slow mode': inside({
    people,
    entries: talk(...TALK, notice('slow-mode', undefined, { seconds: 30 })),
    room: { slowModeSeconds: 30 },
  }),
  'slow mode off': inside({ people, entries: talk(...TALK, notice('slow-mode', undefined, { seconds: 0 })) }),
  'slow mode, locked': inside({ people, entries, room: { slowModeSeconds: 30, locked: true } }),
  'slow mode, waiting': inside({
    people: asGuest,
    entries,
    draft: 'Half a sentence',
    room: { slowModeSeconds: 30 },
    slowUntil: NOW + 12_000,
  }),
  'slow mode, something waits': inside({
    people: asGuest,
    entries,
    room: { slowModeSeconds: 30 },
    outgoing: { isUnsent: true, isWaiting: true, rest: { reason: 'rate_limited', until: NOW + 12_000 } },
  }),
  'slow mode, in the menu': inside(
    { people, entries, room: { slowModeSeconds: 30 } },
    { act: (hands) => openMenu(hands, hands.t('steering.slowState', { seconds: 30 })) },
  ),
  'slow mode?': inside(
    { people, entries, room: { slowModeSeconds: 30 } },
    {
      act: async (hands) => {
        const { t, pressIn, see } = hands;
        await openMenu(hands, t('steering.slow'));
        await pressIn('[popover]', t('steering.slow'));
        await see(t('steering.slowBody'));
      },
    },
  ),
} satisfies Screen;
