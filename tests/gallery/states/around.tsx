import { RoomScreenView } from '@/components/room/screens/room-screen';
import { ErrorScreen } from '@/components/site/error-screen';
import { NotFoundScreen } from '@/components/site/not-found-screen';
import { roomIdSchema } from '@/domain/room';
import type { RoomLife } from '@/page/room-life';
import type { LoadingScreen, RoomScreen } from '@/page/room-screen';
import type { EndReason } from '@/session/visit';
import type { GalleryState, Screen } from '../state';

const DRAFT = 'One more thing before it ends: thank you all, it was good to talk.\nSee you on the other side.';
const nothing = () => undefined;

const at = (screen: RoomScreen): GalleryState => ({ render: () => <RoomScreenView screen={screen} /> });

const loadingScreen: LoadingScreen = {
  state: 'loading',
  seated: false,
  suggestedName: 'Amber Otter',
  joining: false,
  join: nothing,
};

export const loading = {
  'the door': at(loadingScreen),
  'the door, Join pressed': at({ ...loadingScreen, joining: true }),
  'the door, nothing loaded yet': at({ ...loadingScreen, suggestedName: null }),
  'the inside': at({ ...loadingScreen, seated: true, suggestedName: null }),
  'not found': at({ state: 'not-found' }),
} satisfies Screen;

export const trouble = {
  'key missing': at({ state: 'key-missing', draft: '' }),
  'key wrong': at({ state: 'key-wrong', draft: '' }),
  'key replaced': at({ state: 'key-replaced', draft: '', seated: false }),
  'key replaced, seated': at({ state: 'key-replaced', draft: DRAFT, seated: true }),
  'insecure context': at({ state: 'insecure-context', draft: '' }),
  unreachable: at({ state: 'unreachable', failure: { reason: 'unreachable' }, draft: '', retry: nothing }),
  offline: at({ state: 'unreachable', failure: { reason: 'offline' }, draft: DRAFT, retry: nothing }),
} satisfies Screen;

/** Of a room that is over for everybody. */
const LIFE: RoomLife = { minutes: 14, people: 3 };
const end = (reason: EndReason, draft = '', life?: RoomLife) =>
  at({ state: 'ended', reason, draft, ...(life !== undefined && { life }) });
/** An end with a door to come back to. */
const endAtDoor = (reason: EndReason, draft = '') => at({ state: 'ended', reason, draft, joinAgain: nothing });

/** The compiler asks for every reason. */
const ends = {
  expired: end('expired', '', LIFE),
  destroyed: end('destroyed', '', LIFE),
  gone: end('gone'),
  removed: end('removed'),
  displaced: endAtDoor('displaced'),
  left: endAtDoor('left'),
  'signed-out': endAtDoor('signed-out'),
} satisfies Record<EndReason, GalleryState>;

export const ended = {
  ...ends,
  'expired with a draft': end('expired', DRAFT, LIFE),
  'destroyed with a draft': end('destroyed', DRAFT, LIFE),
  'gone with a draft': end('gone', DRAFT),
  'removed with a draft': end('removed', DRAFT),
  'displaced with a draft': endAtDoor('displaced', DRAFT),
  'left with a draft': endAtDoor('left', DRAFT),
  'signed-out with a draft': endAtDoor('signed-out', DRAFT),
  'short and alone': end('destroyed', '', { minutes: 0, people: 1 }),
  'going on': at({
    state: 'ended',
    reason: 'expired',
    draft: '',
    life: LIFE,
    offer: { roomId: roomIdSchema.parse('Gallery9Room7State5xyz') },
  }),
  'never seen': end('expired', DRAFT),
  'no new room': {
    ...end('expired', '', LIFE),
    answer: { reason: 'storage_full' },
    act: async ({ t, press, see }) => {
      await press(t('ended.make'));
      await see(t('failure.storage_full'));
    },
  },
} satisfies Screen & Record<`${EndReason} with a draft`, GalleryState>;

export const errors = {
  'broken page': { render: () => <ErrorScreen onRetry={nothing} /> },
  'not found': { render: () => <NotFoundScreen /> },
} satisfies Screen;
