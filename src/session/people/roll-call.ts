import { PAGE_RETRY } from '@/client/line';
import type { Member } from '@/domain/member';
import { createRetry } from '@/lib/retry';
import type { SeatCheck } from '@/session/seat-check';
import type { SessionContext } from '@/session/session-context';
import type { SessionEvents } from '@/session/session-events';
import { hearName, sayName } from '@/session/speech';
import type { People } from './people';

export interface RollCall {
  /** Reads the room and its seats; to be called whenever events may have been missed. */
  readonly read: () => void;
  /** Publishes one's own name to the others. */
  readonly publishName: () => void;
}

/** Reads who is in the room, and what state it is in, from the server. */
export function createRollCall(
  context: SessionContext,
  people: People,
  { readRoom }: Pick<SeatCheck, 'readRoom'>,
  { noteRenamings }: Pick<SessionEvents, 'noteRenamings'>,
): RollCall {
  const { api, random, roomId, self, ownName, over, onRefused } = context;
  const retry = createRetry(PAGE_RETRY, random);
  let published = false;

  const hearSeat = async ({ name, ...member }: Member) => ({
    ...member,
    name: await hearName(context, member.memberId, name),
  });

  async function read() {
    retry.cancel();
    const finish = people.beginRead();
    const [view, listed] = await Promise.all([readRoom(), api.readMembers(roomId)]);
    const seated = listed.ok ? await Promise.all(listed.value.members.map(hearSeat)) : null;
    if (over.aborted) return;
    noteRenamings(finish(seated));
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
    if (!isNamed) void publishName();
    else if (name !== null) ownName.set(name);
  }

  async function publishName() {
    published = true;
    const name = ownName.get();
    const answer = await api.rename(roomId, await sayName(context, name));
    published = answer.ok;
    if (over.aborted) return;
    if (answer.ok) {
      retry.reset();
      people.rename(self, name);
    } else retry.schedule(() => void read());
  }

  over.addEventListener('abort', retry.cancel);
  return { read: () => void read(), publishName: () => void publishName() };
}
