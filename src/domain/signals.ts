import { SEEN_MEMBERS_MAX, TYPING_MEMBERS_MAX } from './limits';
import type { Room } from './room';

/** Which signals a room of this many seats carries. */
export const signalsOf = (maxMembers: number): Room['signals'] => ({
  typing: maxMembers <= TYPING_MEMBERS_MAX,
  seen: maxMembers <= SEEN_MEMBERS_MAX,
});
