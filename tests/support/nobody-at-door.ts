import type { MemberId } from '@/domain/room';
import { createStore } from '@/lib/store';
import { NOBODY } from '@/session/knocks/door-state';
import type { RoomSession } from '@/session/room-session';
import type { Proposal } from '@/session/steering';

const nothing = () => undefined;

/** A session's part in a room where nobody is at the door, nobody asks for anything, and nobody is ignored. */
export const nobodyAtDoor = (): Pick<RoomSession, 'knocks' | 'ignored' | 'privateTalk' | 'proposal'> => ({
  privateTalk: null,
  proposal: createStore<Proposal | null>(null),
  knocks: { atDoor: createStore(NOBODY), answerKnock: nothing, forgetMissed: nothing },
  ignored: { members: createStore<ReadonlySet<MemberId>>(new Set()), ignore: nothing },
});
