import type { RoomApi } from '@/client/api';
import type { RoomOffer } from '@/domain/content';
import type { Failure } from '@/domain/failure';
import type { PageSignals } from '@/client/page-signals';
import type { EventStream, StreamHandlers } from '@/client/room-stream';
import type { Locks } from '@/client/tabs/election';
import type { Readable } from '@/lib/store';
import type { TabStorage } from '@/lib/tab-storage';
import type { RoomSecret } from '@/crypto/fragment';
import type { Identity } from '@/crypto/identity';
import type { RoomKeys } from '@/crypto/room-keys';
import type { Room, RoomId, Seat } from '@/domain/room';
import type { MeasuredClock, ServerClock } from './server-clock';
import type { PrivateTalkParts } from './private-talk/private-talk';
import type { LastingStorage } from './shelf';

/** `gone`: before its time, for no known reason: its owner ended it meanwhile, or the server lost it. */
export type EndReason = 'expired' | 'destroyed' | 'gone' | 'removed' | 'displaced' | 'left' | 'signed-out';

export interface SessionEnvironment {
  readonly api: RoomApi;
  readonly page: PageSignals;
  /** Of the tab. */
  readonly storage: TabStorage;
  /** Of the browser; absent where what lies there could not be kept apart, or opened again. */
  readonly lasting?: LastingStorage | undefined;
  /** Of the browser; absent where it has none. */
  readonly locks?: Locks | undefined;
  /** Whether the person shows the others that they write and how far they have read, and sees it of them. */
  readonly signalsWanted?: Readable<boolean>;
  /** Fetches what makes a small picture of a picture, as a data URL to be sent inside its message; null where none can be made. */
  readonly loadPreviews?: () => Promise<(picture: Blob) => Promise<string | null>>;
  /** Fetches what asks for private talks and hears of them; absent where there is none. */
  readonly loadPrivateTalk?: (() => Promise<PrivateTalkParts>) | undefined;
  readonly random: () => number;
  readonly openStream: (roomId: RoomId, handlers: StreamHandlers) => EventStream;
  /** Notes a fault of ours that stops nothing else. */
  readonly report: (fault: unknown) => void;
}

/** One seat taken, with all that its member brings. */
export interface Visit {
  readonly room: Room;
  readonly seat: Seat;
  /** The member's keys. Null in plain rooms, and while they are lost: then the page reads on and cannot speak. */
  readonly identity: Identity | null;
  /** Those of the link, the newest that the page holds; null in plain rooms. */
  readonly keys: RoomKeys | null;
  /** The highest epoch that this browser has accepted in the room. */
  readonly lowestEpoch: number;
  readonly name: string;
  /** The name was just chosen, and the others do not know it yet. */
  readonly nameIsNew: boolean;
  readonly clock: MeasuredClock;
  /** The room's whole link. */
  readonly linkOf: (secret: RoomSecret | null) => string;
  /** A new secret was accepted: the address takes it, and the browser never goes back. */
  readonly onSecret: (secret: RoomSecret, epoch: number) => void;
  /** The room lasts longer than this page knew. */
  readonly onEndMoved: (room: Room) => void;
  /** Called once; `draft` is all that was not sent, `people` how many ever had a seat as far as this page knows, `offer` the
   * new room that the owner offered last. */
  readonly onEnd: (reason: EndReason, draft: string, people: number, offer: RoomOffer | null) => void;
  /** Called instead when this browser turns out to have another seat in the room. */
  readonly onReseated: (draft: string) => void;
}

/** A room that is found gone this shortly before its time counts as expired: clocks are not that exact. */
const EXPIRY_SLACK_MS = 2_000;
/** Calls are refused with these when room or seat no longer exist, but not only then. */
const SUSPICIOUS: readonly Failure['reason'][] = ['room_not_found', 'not_found', 'not_a_member'];

/** Whether a refusal is a reason to look at the room. */
export function maySayGone({ reason }: Failure): boolean {
  return SUSPICIOUS.includes(reason);
}

/** Whether a look at the room, or an attempt to join, says that the room is gone. Our server has no other code for it. */
export function isGone({ reason }: Failure): boolean {
  return reason === 'room_not_found';
}

/** The reason to show for a room that is found gone. */
export function endReasonOf(expiresAt: number, clock: ServerClock): EndReason {
  return clock() >= expiresAt - EXPIRY_SLACK_MS ? 'expired' : 'gone';
}
