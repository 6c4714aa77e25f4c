import type { RoomView } from '@/client/api';
import type { RoomOffer } from '@/domain/content';
import type { RoomSecret } from '@/crypto/fragment';
import type { Answer } from '@/domain/failure';
import type { NameWords } from '@/domain/names';
import type { RoomId } from '@/domain/room';
import { createStore, type Store } from '@/lib/store';
import type { RunningSession } from '@/session/running-session';
import { createMeasuredClock, type MeasuredClock, type Timed } from '@/session/server-clock';
import type { SessionEnvironment, Visit } from '@/session/visit';
import type { IdentityStore } from './identity-store';
import { isComingOver } from './going-over';
import type { OpenKeyChannel } from './keys-of-other-tabs';
import type { SeenRoom } from './room-life';
import type { LoadingScreen, RoomScreen } from './room-screen';
import type { StayNotes } from './stay';
import { usualName } from './usual-name';

export type OpenSession = (environment: PageEnvironment, visit: Visit) => RunningSession;

export interface PageEnvironment extends Omit<SessionEnvironment, 'openStream'> {
  /** Fetches the inside of a room, a part of the program that the door does without. Rejects while it cannot be had. */
  readonly loadSession: () => Promise<OpenSession>;
  /** The first look at a room, which a cache may know from making it. */
  readonly readRoom: (roomId: RoomId) => Promise<Timed<Answer<RoomView>>>;
  /** Clears what caches hold of a room. */
  readonly forget: (roomId: RoomId) => void;
  readonly names: NameWords;
  /** The keys that this browser has made. */
  readonly identities: IdentityStore;
  readonly stay: StayNotes;
  /** Has the browser ask, or not, before the page is closed. */
  readonly setCloseWarning: (isOn: boolean) => void;
  /** Absent where the browser has none: then no other tab is asked. */
  readonly openKeyChannel: OpenKeyChannel | undefined;
  readonly address: {
    /** The fragment as `location.hash` has it. */
    readonly hash: () => string;
    /** The link of the room that is shown, with this secret or without one. */
    readonly linkWith: (secret: RoomSecret | null) => string;
    readonly dropFragment: () => void;
    /** Another secret takes the place of the one in the address; no new entry in the tab's history, and no listener is called. */
    readonly replaceFragment: (secret: RoomSecret) => void;
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
  /** The room as it was last seen: its end may be found later. */
  seen: SeenRoom | null;
  /** Whether the room's address alone opens it, without a key. */
  keyless: boolean;
  /** This person has left and comes back: the next door is passed under the name that they had. */
  comesBack: boolean;
  /** The new room that the owner of this one offered. */
  offer: RoomOffer | null;
  /** When this page last moved its seat to new keys, on this browser's clock. */
  movedAt: number;
  /** This browser is inside, or was when it was last here: while that is being found out, it is shown no door. */
  seated: boolean;
  /** The name under which somebody pressed *Join* before the room was read; the door joins with it. */
  wish: string | null;
  /** While this browser is inside. */
  session: RunningSession | undefined;
  /**
   * Leaves the screen that is shown, for the next one. The signal is aborted when that one is left in its turn: replies to its
   * requests are dropped from then on.
   */
  readonly leave: () => AbortSignal;
  /** Looks at the room as if the page had just been loaded. */
  readonly look: () => void;
}

export function createPageContext(
  environment: PageEnvironment,
  roomId: RoomId,
  seated: boolean,
  look: (context: PageContext) => void,
): PageContext {
  let current = new AbortController();
  const context: PageContext = {
    environment,
    roomId,
    clock: createMeasuredClock(),
    // The server has drawn the same, and knows no name.
    screen: createStore<RoomScreen>(
      loadingScreen({ seated, suggestedName: null, join: (name) => wishToJoin(context, name) }),
    ),
    draft: '',
    seen: null,
    keyless: false,
    // From another room, too, one comes in past the door.
    comesBack: isComingOver(roomId),
    offer: null,
    movedAt: -Infinity,
    seated,
    wish: null,
    session: undefined,
    leave: () => {
      current.abort();
      current = new AbortController();
      context.session = undefined;
      return current.signal;
    },
    look: () => look(context),
  };
  return context;
}

/** Nothing is known of the room yet, or again. A guest stands before its door meanwhile, and may press *Join*. */
export function showLoading(context: PageContext): void {
  const { environment, screen, comesBack, wish } = context;
  const seated = context.seated || comesBack;
  screen.set(
    loadingScreen({
      seated,
      suggestedName: seated ? null : usualName(environment),
      joining: wish !== null,
      join: (name) => wishToJoin(context, name),
    }),
  );
}

const loadingScreen = (known: Omit<LoadingScreen, 'state' | 'joining'> & { joining?: boolean }): LoadingScreen => ({
  state: 'loading',
  joining: false,
  ...known,
});

function wishToJoin(context: PageContext, name: string): void {
  const { screen } = context;
  const shown = screen.get();
  if (shown.state !== 'loading') return;
  context.wish = name;
  screen.set({ ...shown, joining: true });
}
