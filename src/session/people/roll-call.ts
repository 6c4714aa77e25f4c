import type { RoomApi, RoomView } from '@/client/api';
import type { Answer, Failure } from '@/domain/failure';
import { PAGE_RETRY } from '@/client/line';
import type { Member } from '@/domain/member';
import type { MemberId, RoomId } from '@/domain/room';
import type { Speech } from '@/domain/speech';
import { backoffMs } from '@/lib/retry';
import type { People, Renaming } from './people';

export interface RollCallEnvironment {
  readonly api: RoomApi;
  readonly random: () => number;
  readonly roomId: RoomId;
  readonly self: MemberId;
  readonly people: People;
  readonly openName: (memberId: MemberId, name: string | undefined) => Promise<string | null | undefined>;
  readonly onRenamed: (renamings: readonly Renaming[]) => void;
  readonly sayName: (name: string) => Promise<Speech>;
  readonly ownName: () => string;
  /** Asks how the room is, and takes the answer. */
  readonly readRoom: () => Promise<Answer<RoomView>>;
  /** The name that others see already, from before this page was loaded. */
  readonly onOwnName: (name: string) => void;
  readonly onRefused: (failure: Failure) => void;
}

export interface RollCall {
  /** Reads the room and its seats; to be called whenever events may have been missed. Done once it has, or has failed to. */
  readonly read: () => Promise<void>;
  /** Tells the others one's own name. */
  readonly tellName: () => Promise<void>;
  readonly stop: () => void;
}

/** Who is in the room, and what state it is in, as the server has it. */
export function createRollCall(environment: RollCallEnvironment): RollCall {
  const { api, random, roomId, self, people, openName, sayName, ownName, onRenamed, readRoom, onOwnName, onRefused } =
    environment;
  let stopped = false;
  let told = false;
  let attempt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function seat({ name, ...member }: Member) {
    return { ...member, name: await openName(member.memberId, name) };
  }

  async function read() {
    clearTimeout(timer);
    const finish = people.beginRead();
    const [view, listed] = await Promise.all([readRoom(), api.readMembers(roomId)]);
    const seated = listed.ok ? await Promise.all(listed.value.members.map(seat)) : null;
    if (stopped) return;
    onRenamed(finish(seated));
    const isNamed = typeof seated?.find(({ memberId }) => memberId === self)?.name === 'string';
    if (seated !== null) settleOwnName(isNamed);
    const refused = [view, listed].flatMap((answer) => (answer.ok ? [] : [answer.failure]));
    if (refused.length > 0) readLater();
    else if (isNamed) attempt = 0;
    refused.forEach(onRefused);
  }

  function readLater() {
    clearTimeout(timer);
    timer = setTimeout(() => void read(), backoffMs(attempt, PAGE_RETRY, random));
    attempt += 1;
  }

  function settleOwnName(isNamed: boolean) {
    if (told) return;
    // An event may have told a newer one than the list.
    const { name } = people.labelOf(self);
    if (!isNamed) void tellName();
    else if (name !== null) onOwnName(name);
  }

  async function tellName() {
    told = true;
    const name = ownName();
    const answer = await api.rename(roomId, await sayName(name));
    told = answer.ok;
    if (stopped) return;
    if (answer.ok) {
      attempt = 0;
      people.rename(self, name);
    } else readLater();
  }

  return {
    read,
    tellName,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
