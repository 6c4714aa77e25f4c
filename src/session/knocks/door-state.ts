import type { KnockId } from '@/domain/knock';
import type { MemberId } from '@/domain/room';

/** Somebody who asks to be let in, as the owner sees them. */
export interface AtDoor {
  readonly knockId: KnockId;
  /** Null where there is none, or where nobody can tell that it is theirs. */
  readonly name: string | null;
  /** The id that the card's keys make; missing in plain rooms. */
  readonly memberId?: MemberId;
}

export interface DoorState {
  /** Everybody who waits, in the order in which they came. Nobody does for guests. */
  readonly waiting: readonly AtDoor[];
  /** Those of them whose answer is on its way. */
  readonly answering: ReadonlySet<KnockId>;
  /** Was answered too late: they had gone, or another page had answered. */
  readonly missed: AtDoor | null;
}

export const NOBODY: DoorState = { waiting: [], answering: new Set(), missed: null };
