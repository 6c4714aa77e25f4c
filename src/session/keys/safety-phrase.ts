import { memberMark } from '@/crypto/member-mark';
import type { RoomKeys } from '@/crypto/room-keys';
import type { MemberId, RoomId } from '@/domain/room';
import { createDeferred, type Deferred } from '@/lib/deferred';

/** Words to compare aloud, each an emoji, a space and its English name. */
export type Phrase = Deferred<readonly string[]>;

/** Nobody compares words before they have come in, so the list of them is not part of the page. */
const loadWords = () => import('@/crypto/phrase-words');

/** Of a room’s key: another one whenever that is replaced. */
export const safetyPhrase = ({ phraseBytes }: Pick<RoomKeys, 'phraseBytes'>): Phrase =>
  createDeferred(async () => (await loadWords()).phraseOf(phraseBytes));

/** Of a member: two people who read it to each other know that each sees the other’s own seat. */
export const memberPhrase = (roomId: RoomId, memberId: MemberId): Phrase =>
  createDeferred(async () => {
    // The same words as the room's, which are at hand by then, whatever becomes of the line or of this build.
    const { phraseOf } = await loadWords();
    return phraseOf(await memberMark(roomId, memberId));
  });
