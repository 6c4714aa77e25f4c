import { RoomScreenView } from '@/components/room/screens/room-screen';
import type { Door, Knock } from '@/page/room-screen';
import { clock, NOW } from '../moment';
import { room } from '../session';
import type { GalleryState, Screen } from '../state';

const DRAFT = 'I was about to say: the key is under the third flowerpot.\nOr the fourth.';

const PUBLIC = { sealed: false, listed: true, topic: 'Balcony tomatoes', language: 'en' } satisfies Partial<
  Door['room']
>;

const nothing = () => undefined;

const waiting = (trouble: Extract<Knock, { state: 'waiting' }>['trouble']): Knock => ({
  state: 'waiting',
  trouble,
  stop: nothing,
});

function door({
  room: changes,
  ...rest
}: Partial<Omit<Door, 'room'>> & { room?: Partial<Door['room']> } = {}): GalleryState {
  const screen: Door = {
    state: 'door',
    room: { ...room, members: 1, here: 1, ...changes },
    clock,
    suggestedName: 'Amber Otter',
    joining: false,
    failure: null,
    knock: null,
    draft: '',
    join: () => undefined,
    refresh: () => undefined,
    ...rest,
  };
  return { render: () => <RoomScreenView screen={screen} /> };
}

export const doors = {
  open: door(),
  'many people': door({ room: { members: 412, here: 380, maxMembers: 1_000 } }),
  'nobody here': door({ room: { members: 2, here: 0 } }),
  'last minute': door({ room: { expiresAt: NOW + 42_000 } }),
  joining: door({ joining: true }),
  failure: door({ failure: { reason: 'rate_limited', retryAfterSeconds: 12 } }),
  'no name': {
    ...door({ suggestedName: '' }),
    act: async ({ t, press, see }) => {
      await press(t('door.join'));
      await see(t('door.nameBlank'));
    },
  },
  'long name': {
    ...door({ suggestedName: 'Wolfeschlegelsteinhausenbergerdorff '.repeat(4) }),
    act: async ({ t, press, see }) => {
      await press(t('door.join'));
      await see(t('door.nameTooLong', { max: '100' }));
    },
  },
  full: door({ room: { members: 10, here: 9 } }),
  'full with a draft': door({ room: { members: 10, here: 9 }, draft: DRAFT }),
  locked: door({ room: { locked: true, members: 3, here: 3 } }),
  'locked with a draft': door({ room: { locked: true }, draft: DRAFT }),
  'plain room': door({ room: { sealed: false } }),
  public: door({ room: PUBLIC }),
  'public, long topic': door({
    room: { ...PUBLIC, topic: 'How to keep a very small flat cool in a very long hot summer' },
  }),
  'public and full': door({ room: { ...PUBLIC, members: 10, here: 9 } }),
  'what is this?, public room': { ...door({ room: PUBLIC }), act: ({ t, press }) => press(t('door.what')) },
  'owner is asked first': door({ room: { entry: 'knock' } }),
  asking: door({ room: { entry: 'knock' }, joining: true }),
  'waiting to be let in': door({ room: { entry: 'knock' }, knock: waiting(null) }),
  'waiting, offline': door({ room: { entry: 'knock' }, knock: waiting({ reason: 'offline' }) }),
  'waiting with a draft': door({ room: { entry: 'knock' }, knock: waiting(null), draft: DRAFT }),
  'refused for a minute': door({
    room: { entry: 'knock' },
    knock: { state: 'refused', againAt: NOW + 42_000, ask: nothing },
  }),
  'may ask again': door({ room: { entry: 'knock' }, knock: { state: 'refused', againAt: NOW - 1_000, ask: nothing } }),
  'refused for good': door({ room: { entry: 'knock' }, knock: { state: 'refused', againAt: null, ask: null } }),
  'draft from before': door({ draft: DRAFT }),
  'one seat left': door({ room: { members: 9, here: 7 } }),
  'what is this?': { ...door(), act: ({ t, press }) => press(t('door.what')) },
  'what is this?, plain room': { ...door({ room: { sealed: false } }), act: ({ t, press }) => press(t('door.what')) },
} satisfies Screen;
