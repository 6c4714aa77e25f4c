import type { RoomView } from '@/client/api';
import type { Answer } from '@/domain/failure';
import type { RoomId } from '@/domain/room';
import { createStore, type Store } from '@/lib/store';
import type { RunningSession } from '@/session/running-session';
import { createMeasuredClock, type MeasuredClock, type Timed } from '@/session/server-clock';
import type { SessionEnvironment } from '@/session/visit';
import type { RoomScreen } from './room-screen';

export interface PageEnvironment extends SessionEnvironment {
  /** The first look at a room, which a cache may know from making it. */
  readonly readRoom: (roomId: RoomId) => Promise<Timed<Answer<RoomView>>>;
  /** Clears what caches hold of a room. */
  readonly forget: (roomId: RoomId) => void;
  readonly address: {
    /** The fragment as `location.hash` has it. */
    readonly hash: () => string;
    /** The whole link. */
    readonly link: () => string;
    readonly dropFragment: () => void;
    /** Calls the listener when the fragment is changed by hand: a link pasted over a link loads no new page. */
    readonly follow: (listener: () => void) => () => void;
  };
}

/** What the page's screens share, and what one leaves for the next. */
export interface PageContext {
  readonly environment: PageEnvironment;
  readonly roomId: RoomId;
  readonly clock: MeasuredClock;
  readonly screen: Store<RoomScreen>;
  /** All that was not sent when the seat was lost, for the next one. */
  draft: string;
  /** Of the room as it was last seen: its end may be found later. */
  expiresAt: number;
  /** Whether the room's address alone opens it, without a key. */
  keyless: boolean;
  /** While this browser is inside. */
  session: RunningSession | undefined;
  /**
   * Leaves the screen that is shown, for the next one. The signal is aborted when that one is left in its turn: replies to its
   * requests are dropped from then on.
   */
  readonly leave: () => AbortSignal;
  /** Looks at the room as if the page had just been loaded; `asked`: by a control that disappears with its screen. */
  readonly look: (asked?: boolean) => void;
}

export function createPageContext(
  environment: PageEnvironment,
  roomId: RoomId,
  look: (context: PageContext, asked: boolean) => void,
): PageContext {
  let current = new AbortController();
  const context: PageContext = {
    environment,
    roomId,
    clock: createMeasuredClock(),
    screen: createStore<RoomScreen>({ state: 'loading' }),
    draft: '',
    expiresAt: 0,
    keyless: false,
    session: undefined,
    leave: () => {
      current.abort();
      current = new AbortController();
      context.session = undefined;
      return current.signal;
    },
    look: (asked = false) => look(context, asked),
  };
  return context;
}
