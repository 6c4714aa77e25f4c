import type { RoomOffer } from '@/domain/content';
import type { Cursor, MessageId } from '@/domain/message';
import type { MemberId } from '@/domain/room';
import type { SharedFile } from '@/session/files/shared-file';

/** Another message. A plain room does not say whose it is: ids are unique there. */
export interface Ref {
  id: MessageId;
  by?: MemberId | undefined;
}

/** Content as it was read, in either kind of room. */
export type Said =
  | { kind: 'text'; text: string; re?: Ref; mentions?: readonly MemberId[] }
  | { kind: 'reaction'; emoji: string; on: Ref }
  /** `n` counts the edits of a message; plain rooms do not count them, and have 0. */
  | { kind: 'edit'; text: string; of: Ref; n: number; mentions?: readonly MemberId[] }
  | { kind: 'room'; offer: RoomOffer }
  | { kind: 'file'; file: SharedFile; text?: string }
  | { [Kind in Unreadable]: { kind: Kind } }[Unreadable];

/**
 * Why the words of a message are not shown. `unopened`: they cannot be opened, or break the rules; `newer`: they are of a kind that this
 * page does not know or show; `unverified`: nobody can tell whether the author said them; `unknown-epoch`: the page has no such key,
 * or not yet.
 */
export type Unreadable = 'unopened' | 'newer' | 'unverified' | 'unknown-epoch';

const UNREADABLE = {
  unopened: true,
  newer: true,
  unverified: true,
  'unknown-epoch': true,
} satisfies Record<Unreadable, true>;

export const isUnreadable = (kind: Said['kind']): kind is Unreadable => kind in UNREADABLE;

/** Whether its author said it, as far as keys can tell: also where this page does not know the kind. */
export const isVerified = ({ kind }: Said): boolean => !isUnreadable(kind) || kind === 'newer';

/** A stored message of any kind, opened. */
export interface Heard {
  cursor: Cursor;
  id: MessageId;
  memberId: MemberId;
  /**
   * The name that the message itself carries or, in a sealed room, the author's card: it counts where the list of seats has none.
   * Null: could not be opened.
   */
  sender?: string | null;
  /** Of the key that it was sealed with. */
  epoch?: number;
  timestamp: number;
  said: Said;
}

export type HeardOf<Kind extends Said['kind']> = Heard & { said: Extract<Said, { kind: Kind }> };

/** Narrows a message to its kind. */
export const isOf = <Kind extends Said['kind']>(heard: Heard, kind: Kind): heard is HeardOf<Kind> =>
  heard.said.kind === kind;
