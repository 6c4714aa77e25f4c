import { PAGE_RETRY } from '@/client/line';
import type { Member } from '@/domain/member';
import type { MemberId } from '@/domain/room';
import { createRetry } from '@/lib/retry';
import type { SeatCheck } from '@/session/seat-check';
import type { SessionContext } from '@/session/session-context';
import type { SessionEvents } from '@/session/session-events';
import type { HeardSignals } from '@/session/signals/heard-signals';
import type { People } from './people';
import { readAfterReconnects } from './roll-call-timing';

export interface RollCall {
  /** Reads the room and its seats once the history is read, unless that began with it. */
  readonly readOn: () => void;
  /** Publishes one's own name to the others, in a plain room. */
  readonly publishName: () => void;
}

/** Reads who is in the room, and what state it is in, from the server; by itself once the line is back. */
export function createRollCall(
  context: SessionContext,
  people: People,
  { readRoom }: Pick<SeatCheck, 'readRoom'>,
  { noteRenamings }: Pick<SessionEvents, 'noteRenamings'>,
  signals: Pick<HeardSignals, 'takeList'>,
): RollCall {
  const { api, random, roomId, self, ownName, over, onRefused, voice, sealedRoom } = context;
  const retry = createRetry(PAGE_RETRY, random);
  let published = false;
  /** The list is being read before the history is: the first page waits for its authors' cards. */
  let isAhead = false;
  let isReading = false;
  let hasRead = false;

  async function read() {
    retry.cancel();
    isReading = true;
    const finish = people.beginRead();
    const removed = new Set(sealedRoom?.removed);
    const [view, listed] = await Promise.all([readRoom(), api.readMembers(roomId)]);
    const seated = listed.ok
      ? await Promise.all(listed.value.members.map((member) => hearSeat(context, member, removed)))
      : null;
    isReading = false;
    if (over.aborted) return;
    hasRead ||= listed.ok;
    if (listed.ok) sealedRoom?.cards.settle(listed.value.former);
    noteRenamings(finish(seated));
    if (listed.ok) signals.takeList(listed.value.members);
    const isNamed = typeof seated?.find(({ memberId }) => memberId === self)?.name === 'string';
    if (seated !== null) settleOwnName(isNamed);
    ownName.settle();
    const refused = [view, listed].flatMap((answer) => (answer.ok ? [] : [answer.failure]));
    if (refused.length > 0) retry.schedule(() => void read());
    else if (isNamed) retry.reset();
    refused.forEach(onRefused);
  }

  /** The others may know a name from before this page was loaded. */
  function settleOwnName(isNamed: boolean) {
    if (published) return;
    // An event may have brought a newer name than the list.
    const { name } = people.labelOf(self);
    if (name !== null && isNamed) ownName.set(name);
    // In a sealed room the card said it, with which the seat was taken.
    else if (!isNamed && sealedRoom === null) void publishName();
  }

  async function publishName() {
    published = true;
    const name = ownName.get();
    const answer = await voice.rename(name);
    published = answer.ok;
    if (over.aborted) return;
    if (answer.ok) {
      retry.reset();
      people.rename(self, { name });
    } else retry.schedule(() => void read());
  }

  sealedRoom?.cards.onNeeded(() => {
    if (isReading) return;
    isAhead = !hasRead;
    void read();
  });
  readAfterReconnects(context, () => void read());
  over.addEventListener('abort', retry.cancel);
  return {
    readOn: () => {
      if (!isAhead) void read();
      isAhead = false;
    },
    publishName: () => void publishName(),
  };
}

/** `removed`: those whose removal was heard before the list was asked for, which may be older than what is heard meanwhile. */
async function hearSeat({ voice, sealedRoom }: SessionContext, member: Member, removed: ReadonlySet<MemberId>) {
  const { memberId, joinedAt, owner, here } = member;
  const heard = { memberId, joinedAt, owner, here, ...(await voice.nameOf(member)) };
  const isOut = removed.has(memberId) || (sealedRoom?.isRemoved(memberId) && !sealedRoom.removed.has(memberId));
  // Nobody who was removed can have a seat, whatever the server lists.
  return isOut === true ? { ...heard, unverified: true as const } : heard;
}
