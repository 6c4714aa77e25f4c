import type { EndReason } from '@/session/visit';
import type { RoomOffer } from '@/domain/content';
import type { Failure } from '@/domain/failure';
import type { Room } from '@/domain/room';
import type { RoomSession } from '@/session/room-session';
import type { RoomLife } from './room-life';
import type { ServerClock } from '@/session/server-clock';

/** How asking to be let in stands, at a room whose owner lets each newcomer in. */
export type Knock =
  /** `trouble`: why nobody could be asked just now; it is tried again. */
  | { state: 'waiting'; trouble: Failure | null; stop: () => void }
  /** `againAt`: from when on one may ask again, on the server's clock. Both are null where that is never. */
  | { state: 'refused'; againAt: number | null; ask: (() => void) | null };

/** The screen before a guest joins. */
export interface Door {
  state: 'door';
  room: Room;
  clock: ServerClock;
  suggestedName: string;
  joining: boolean;
  failure: Failure | null;
  /** Null while the owner has not been asked. */
  knock: Knock | null;
  /** Text that was not sent in the seat before, for the next one. */
  draft: string;
  join: (name: string) => void;
  refresh: () => void;
}

/** Nothing is known of the room yet; also while a page from the back/forward cache is being confirmed. */
export interface LoadingScreen {
  state: 'loading';
  /** This browser was inside when it was last here, so no door is shown. */
  seated: boolean;
  /** Null until the page has woken up: the server knows none. */
  suggestedName: string | null;
  /** *Join* was pressed, and the room is being read. */
  joining: boolean;
  /** Keeps the wish until there is a door; an empty name stands for the suggested one. */
  join: (name: string) => void;
}

/** Everything that a room's page can be. */
export type RoomScreen =
  | LoadingScreen
  | { state: 'unreachable'; failure: Failure; draft: string; retry: () => void }
  | { state: 'not-found' }
  /** A sealed room, and no Web Crypto: https is needed. */
  | { state: 'insecure-context'; draft: string }
  | { state: 'key-missing'; draft: string }
  | { state: 'key-wrong'; draft: string }
  /** The secret of this link was the room's once. `seated`: this browser has a seat there, and has lost the keys of it. */
  | { state: 'key-replaced'; draft: string; seated: boolean }
  | Door
  /** `hasFleetingKeys`: this member's keys are in the page's memory alone, and a reload costs them. */
  | { state: 'inside'; session: RoomSession; hasFleetingKeys: boolean }
  /**
   * `draft` is all that was not sent, `life` two numbers of a room that is over for everybody, where it was seen before; everything
   * else is cleared. `offer` is the room that goes on, where its owner made one; `joinAgain` leads back to the door or, after leaving, past it.
   */
  | { state: 'ended'; reason: EndReason; draft: string; life?: RoomLife; offer?: RoomOffer; joinAgain?: () => void };
