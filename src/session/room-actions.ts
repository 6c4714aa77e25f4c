import type { RoomApi } from '@/client/api';
import type { Answer, Failure } from '@/domain/failure';
import type { MemberId, Room, RoomId } from '@/domain/room';
import type { Speech } from '@/domain/speech';
import { createStore, type Readable } from '@/lib/store';

const LINE_FAILURES: readonly Failure['reason'][] = ['offline', 'unreachable'];

export interface RoomActionsState {
  pending: null | 'leave' | 'destroy' | 'lock' | 'put-out' | 'rename';
  failure: Failure | null;
  /** Somebody was put out, and the room could not be locked before: that is what failed. */
  lockFailed?: true;
}

export interface RoomActions {
  readonly state: Readable<RoomActionsState>;
  readonly clearFailure: () => void;
  /** To be called when the line is back: that it was down is no news any more. */
  readonly forgetLineFailure: () => void;
  readonly leave: () => void;
  readonly destroy: () => void;
  readonly setLocked: (locked: boolean) => void;
  /** As the link still opens an unlocked room, putting out may lock it in the same breath; it goes on when it cannot. */
  readonly putOut: (memberId: MemberId, lock: boolean) => void;
  readonly rename: (name: string) => void;
}

export interface RoomActionsEnvironment {
  readonly api: RoomApi;
  readonly roomId: RoomId;
  readonly sayName: (name: string) => Promise<Speech>;
  /** Locks the room or unlocks it, and takes the answer. */
  readonly lockRoom: (locked: boolean) => Promise<Answer<Room>>;
  readonly onDone: {
    readonly left: () => void;
    readonly destroyed: () => void;
    readonly renamed: (name: string) => void;
  };
  readonly onRefused: (failure: Failure) => void;
}

/** What a member, or the owner, does with the room: one thing at a time, each with its outcome. */
export function createRoomActions({
  api,
  roomId,
  sayName,
  lockRoom,
  onDone,
  onRefused,
}: RoomActionsEnvironment): RoomActions {
  const state = createStore<RoomActionsState>({ pending: null, failure: null });

  /** What stays on the screen while something else is done: that the room is open to who was put out. */
  function lasting(): Omit<RoomActionsState, 'pending'> {
    const { failure, lockFailed } = state.get();
    return lockFailed ? { failure, lockFailed } : { failure: null };
  }

  async function act<T>(
    pending: RoomActionsState['pending'],
    call: () => Promise<Answer<T>>,
    done: (value: T) => void,
  ) {
    if (state.get().pending !== null) return;
    state.set({ pending, ...lasting() });
    const answer = await call();
    state.set({ pending: null, ...(answer.ok ? lasting() : { failure: answer.failure }) });
    if (answer.ok) done(answer.value);
    else onRefused(answer.failure);
  }

  async function lock(locked: boolean) {
    const answer = await lockRoom(locked);
    // What is shown of a lock that failed is no longer so.
    if (answer.ok) clearFailure();
    return answer;
  }

  async function putOut(memberId: MemberId, lockFirst: boolean) {
    let refusal: Failure | undefined;
    const call = async () => {
      // First, or who is put out could be back by the link before the door is shut. That somebody keeps the owner from
      // locking is no reason to let them stay, though.
      const locked = lockFirst ? await lock(true) : null;
      if (locked?.ok === false) refusal = locked.failure;
      return api.putOut(roomId, memberId);
    };
    await act('put-out', call, () => {
      if (refusal === undefined) return;
      state.set({ pending: null, failure: refusal, lockFailed: true });
      onRefused(refusal);
    });
  }

  const clearFailure = () => state.set({ pending: state.get().pending, failure: null });

  return {
    state,
    clearFailure,
    forgetLineFailure: () => {
      const { failure, lockFailed } = state.get();
      if (failure !== null && !lockFailed && LINE_FAILURES.includes(failure.reason)) clearFailure();
    },
    leave: () => void act('leave', () => api.leaveRoom(roomId), onDone.left),
    destroy: () => void act('destroy', () => api.destroyRoom(roomId), onDone.destroyed),
    setLocked: (locked) =>
      void act(
        'lock',
        () => lock(locked),
        () => undefined,
      ),
    // The event tells who has left; nothing is to be done here.
    putOut: (memberId, lock) => void putOut(memberId, lock),
    rename: (name) =>
      void act(
        'rename',
        async () => api.rename(roomId, await sayName(name)),
        () => onDone.renamed(name),
      ),
  };
}
