import type { MemberId, RoomId } from '@/domain/room';
import { sha256 } from './derivation';

/** Six words: nobody makes keys whose mark looks like another member's while a room lives. */
const MARK_BYTES = 6;

/** What two people compare, as words, to know that each sees the other's own seat. */
export const memberMark = async (roomId: RoomId, memberId: MemberId): Promise<Uint8Array> =>
  (await sha256(`mayfly/v2/mark\n${roomId}\n${memberId}`)).subarray(0, MARK_BYTES);
