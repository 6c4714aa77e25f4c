import type { Person } from '@/session/people/roster';
import type { Hands } from '../hands';
import { ines, ownerRowan, person, rowan, you, youAsGuest } from '../people';
import type { Screen } from '../state';
import { talk } from '../talk';
import { inside } from './inside';
import { TALK } from './talks';

const entries = talk(...TALK);
const ofOwner = { people: [you, rowan, ines], entries };
const ofGuest = { people: [ownerRowan, youAsGuest, ines], entries };
const isolated = ({ name }: Person) => `\u2068${name ?? ''}\u2069`;

const CROWD = [
  'Ada',
  'Bo',
  'Cleo',
  'Dani',
  'Emre',
  'Fay',
  'Gus',
  'Hana',
  'Ivo',
  'Juno',
  'Kai',
  'Lea',
  'Mats',
  'Nia',
  'Oto',
  'Pia',
];
const crowd = [you, ...CROWD.map((name, index) => person(name, { tint: index % 12, here: index % 5 !== 3 }))];
const namesakes = [
  you,
  person('Rowan', { id: 'RowanOne', tint: 2 }),
  person('Rowan', { id: 'RowanTwo', tint: 8, mark: 2 }),
  person('rowan', { id: 'RowanThree', tint: 10, mark: 3, here: false }),
];

/** The list of people stands beside the talk where there is room for it, and is opened where there is not. */
export async function openPeople({ t, press }: Hands, here: number, taken: number, max = 10) {
  if (document.querySelector('aside') === null) await press(t('room.peopleLabel', { here, taken, max }));
}

async function openInvitation({ t, press, see }: Hands) {
  await press(t('invite.button'));
  await see(t('invite.copy'));
}

async function openOptions(hands: Hands) {
  await openMenu(hands);
  await hands.pressIn('[popover]', hands.t('options.menu'));
  await hands.see(hands.t('options.heading'));
}

const PUBLIC = { sealed: false, listed: true, topic: 'Balcony tomatoes', language: 'en' };

async function openMenu({ t, press, see }: Hands, leave: 'leave' | 'leaveOwner' = 'leaveOwner') {
  await press(t('room.menu'));
  await see(t(`room.${leave}`));
}

export const people = {
  'one other': inside({ people: [you, rowan], entries }, { act: (hands) => openPeople(hands, 2, 2) }),
  'as a guest': inside(ofGuest, { act: (hands) => openPeople(hands, 3, 3) }),
  many: inside({ people: crowd, entries, room: { maxMembers: 100 } }),
  'many, opened': inside(
    { people: crowd, entries, room: { maxMembers: 20 } },
    { act: (hands) => openPeople(hands, crowd.filter(({ here }) => here).length, crowd.length, 20) },
  ),
  namesakes: inside({ people: namesakes, entries }, { act: (hands) => openPeople(hands, 3, 4) }),
  away: inside(
    { people: [you, { ...rowan, here: false }, { ...ines, here: false }], entries },
    { act: (hands) => openPeople(hands, 1, 3) },
  ),
  unverified: inside(
    { people: [you, person('Rowan', { id: 'Impostor', tint: 8, unverified: true })], entries },
    { act: (hands) => openPeople(hands, 2, 2) },
  ),
  renaming: inside(ofOwner, {
    act: async (hands) => {
      await openPeople(hands, 3, 3);
      await hands.press(hands.t('people.rename'));
    },
  }),
} satisfies Screen;

export const opened = {
  'menu of the owner': inside(ofOwner, { act: (hands) => openMenu(hands) }),
  'menu of a guest': inside(ofGuest, { act: (hands) => openMenu(hands, 'leave') }),
  'menu in a locked room': inside({ ...ofOwner, room: { locked: true } }, { act: (hands) => openMenu(hands) }),
  'safety phrase': inside(ofOwner, {
    act: async ({ t, press, see }) => {
      await press(t('room.sealed'));
      await see('🦊');
    },
  }),
  'public room': inside(
    { ...ofOwner, room: PUBLIC },
    {
      act: async ({ t, press, see }) => {
        await press(t('room.public'));
        await see(t('safety.public'));
      },
    },
  ),
  'options of a plain room': inside({ ...ofOwner, room: { sealed: false } }, { isLobbyOn: true, act: openOptions }),
  'options, to be listed': inside(
    { ...ofOwner, room: { sealed: false } },
    {
      isLobbyOn: true,
      act: async (hands) => {
        await openOptions(hands);
        await hands.pressIn('dialog', hands.t('options.list'));
        await hands.press(hands.t('options.listNow'));
        await hands.see(hands.t('listing.topicBlank'));
      },
    },
  ),
  'options of a public room': inside({ ...ofOwner, room: PUBLIC }, { isLobbyOn: true, act: openOptions }),
  'options, not listed': inside(
    { ...ofOwner, room: { sealed: false }, actions: { failure: { reason: 'rate_limited', retryAfterSeconds: 90 } } },
    { isLobbyOn: true, act: openOptions },
  ),
  'not sealed': inside(
    { ...ofOwner, room: { sealed: false } },
    {
      act: async ({ t, press, see }) => {
        await press(t('room.notSealed'));
        await see(t('safety.notSealed'));
      },
    },
  ),
  'details of a person': inside(ofOwner, {
    act: async (hands) => {
      await openPeople(hands, 3, 3);
      await hands.pressIn('ul', 'Rowan');
      await hands.see('🐢');
    },
  }),
  'remove?': inside(ofOwner, {
    act: async (hands) => {
      const { t, press, see } = hands;
      await openPeople(hands, 3, 3);
      await press(t('people.removeLabel', { name: isolated(rowan) }));
      await see(t('people.removeRekeys'));
    },
  }),
  'remove from a plain room?': inside(
    { ...ofOwner, room: { sealed: false } },
    {
      act: async (hands) => {
        const { t, press, see } = hands;
        await openPeople(hands, 3, 3);
        await press(t('people.removeLabel', { name: isolated(rowan) }));
        await see(t('people.removeBody'));
      },
    },
  ),
  'remove from a public room?': inside(
    { ...ofOwner, room: { sealed: false, listed: true, topic: 'Balcony tomatoes' } },
    {
      act: async (hands) => {
        const { t, press, see } = hands;
        await openPeople(hands, 3, 3);
        await press(t('people.removeLabel', { name: isolated(rowan) }));
        await see(t('people.removeListed'));
      },
    },
  ),
  'new link?': inside(ofOwner, {
    act: async (hands) => {
      const { t, pressIn, see } = hands;
      await openMenu(hands);
      await pressIn('[popover]', t('room.renew'));
      await see(t('room.renewBody'));
    },
  }),
  'destroy?': inside(ofOwner, {
    act: async (hands) => {
      const { t, pressIn, see } = hands;
      await openMenu(hands);
      await pressIn('[popover]', t('room.destroy'));
      await see(t('room.destroyBody'));
    },
  }),
  'leave?': inside(ofOwner, {
    act: async (hands) => {
      const { t, pressIn, see } = hands;
      await openMenu(hands);
      await pressIn('[popover]', t('room.leaveOwner'));
      await see(t('room.leaveHeading'));
    },
  }),
  invitation: inside(ofOwner, { act: openInvitation }),
  'invitation by hand': inside(ofOwner, {
    pretend: { clipboard: undefined },
    act: async (hands) => {
      const { t, press, see } = hands;
      await openInvitation(hands);
      await press(t('invite.copy'));
      await see(t('invite.byHand'));
    },
  }),
  'invitation to a locked room': inside(
    { ...ofOwner, room: { locked: true } },
    {
      act: async ({ t, press, see }) => {
        await press(t('invite.button'));
        await see(t('invite.locked'));
      },
    },
  ),
} satisfies Screen;
