import type { RoomApi } from '@/client/api';
import type { Failure } from '@/domain/failure';
import type { PageSignals } from '@/client/page-signals';
import type { EventStream, StreamHandlers } from '@/client/room-stream';
import type { TabStorage } from '@/lib/tab-storage';
import type { Voice } from '@/crypto/voice';
import type { Room, RoomId, Seat } from '@/domain/room';
import type { MeasuredClock, ServerClock } from './server-clock';

/** `gone`: before its time, and nobody said why: its owner ended it meanwhile, or the server lost it. */
export type EndReason = 'expired' | 'destroyed' | 'gone' | 'removed' | 'displaced' | 'left' | 'signed-out';

export interface SessionEnvironment {
  readonly api: RoomApi;
  readonly page: PageSignals;
  readonly storage: TabStorage;
  readonly random: () => number;
  readonly openStream: (roomId: RoomId, handlers: StreamHandlers) => EventStream;
  /** Takes note of a fault of ours that nothing else stops for. */
  readonly report: (fault: unknown) => void;
}

/** One seat taken, and what its member brings. */
export interface Visit {
  readonly room: Room;
  readonly seat: Seat;
  readonly voice: Voice;
  readonly name: string;
  /** Just chosen: the others do not know it yet. */
  readonly nameIsNew: boolean;
  readonly clock: MeasuredClock;
  readonly link: string;
  /** Once; `draft` is all that stood unsent. */
  readonly onEnd: (reason: EndReason, draft: string) => void;
  /** In its place, where this browser is found to have another seat in the room. */
  readonly onReseated: (draft: string) => void;
}

/** A room that is found gone this close before its time has expired: clocks are not that exact. */
const EXPIRY_SLACK_MS = 2_000;
/** What calls are refused with when there is no such room, or no such seat, any more; but not only then. */
const SUSPICIOUS: readonly Failure['reason'][] = ['room_not_found', 'not_found', 'not_a_member'];

/** Whether a refusal is a reason to look at the room. */
export function maySayGone({ reason }: Failure): boolean {
  return SUSPICIOUS.includes(reason);
}

/** Whether a look at the room, or a try to join, says that there is none. Our server has no other word for it. */
export function isGone({ reason }: Failure): boolean {
  return reason === 'room_not_found';
}

/** Why a room is gone that nobody saw end. */
export function endReasonOf(expiresAt: number, clock: ServerClock): EndReason {
  return clock() >= expiresAt - EXPIRY_SLACK_MS ? 'expired' : 'gone';
}
