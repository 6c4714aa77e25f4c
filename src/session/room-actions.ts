import type { Answer, Failure } from '@/domain/failure';
import type { UpdateRoom } from '@/domain/requests';
import type { MemberId, Room } from '@/domain/room';
import { arrived } from '@/lib/deferred';
import { createStore, type Readable } from '@/lib/store';
import type { Rekey } from './keys/rekeying';
import type { People } from './people/people';
import type { SessionContext } from './session-context';

const LINE_FAILURES: readonly Failure['reason'][] = ['offline', 'unreachable'];

export interface RoomActionsState {
  pending: null | 'leave' | 'destroy' | 'lock' | 'steer' | 'remove' | 'renew' | 'rename' | 'extend' | 'give';
  failure: Failure | null;
  /** A member was removed, and the room could not be locked before: that is what failed. */
  lockFailed?: true;
}

export interface RoomActions {
  readonly actions: Readable<RoomActionsState>;
  readonly clearFailure: () => void;
  readonly leave: () => void;
  readonly destroy: () => void;
  readonly setLocked: (locked: boolean) => void;
  /** Changes who comes and how they talk: what is not named stays. */
  readonly steer: (change: UpdateRoom) => void;
  /**
   * Where the room can have a new key, it has one without the member, and the old link opens nothing. Elsewhere the link still
   * opens an unlocked room, so removing may lock it first; it goes on when that fails.
   */
  readonly removeMember: (memberId: MemberId, lock: boolean) => void;
  /** Gives the room a new key, and with it a new link: the old one opens nothing. */
  readonly renewLink: () => void;
  readonly rename: (name: string) => void;
}

/** One thing at a time: while another is under way, nothing is done. */
export type Act = <T>(
  pending: RoomActionsState['pending'],
  call: () => Promise<Answer<T>>,
  onDone: (value: T) => void,
) => Promise<void>;

/** Does one thing at a time, and shows its outcome. */
function createActing({ connection, onRefused }: SessionContext) {
  const state = createStore<RoomActionsState>({ pending: null, failure: null });

  const clearFailure = () => state.set({ pending: state.get().pending, failure: null });

  /** A lock that failed stays on the screen while something else is done: the room is open to a member who was removed. */
  function lasting(): Omit<RoomActionsState, 'pending'> {
    const { failure, lockFailed } = state.get();
    return lockFailed ? { failure, lockFailed } : { failure: null };
  }

  const act: Act = async (pending, call, onDone) => {
    if (state.get().pending !== null) return;
    state.set({ pending, ...lasting() });
    const answer = await call();
    state.set({ pending: null, ...(answer.ok ? lasting() : { failure: answer.failure }) });
    if (answer.ok) onDone(answer.value);
    else onRefused(answer.failure);
  };

  // A failure of the line is old news once the line is back.
  connection.subscribe(() => {
    const { failure, lockFailed } = state.get();
    if (connection.get().state === 'live' && failure !== null && !lockFailed && LINE_FAILURES.includes(failure.reason))
      clearFailure();
  });

  return { state, act, clearFailure };
}

/** What a member, or the owner, does with the room. */
export function createRoomActions(
  context: SessionContext,
  people: People,
): RoomActions & {
  /** Shows why something was not done that is no action itself. */
  readonly fail: (failure: Failure) => void;
  readonly act: Act;
} {
  const { api, roomId, self, room, ownName, end, voice } = context;
  const acting = createActing(context);
  const { state, act, clearFailure } = acting;
  const rekey = createLazyRekeying(context, people, lock);

  async function lock(locked: boolean) {
    const answer = await room.take(api.lockRoom(roomId, locked), (changed) => changed);
    // A lock that failed before is no longer news.
    if (answer.ok) clearFailure();
    return answer;
  }

  return {
    actions: state,
    clearFailure,
    act,
    fail: (failure) => state.set({ pending: state.get().pending, failure }),
    leave: () =>
      void act(
        'leave',
        () => api.leaveRoom(roomId),
        () => end('left'),
      ),
    destroy: () =>
      void act(
        'destroy',
        () => api.destroyRoom(roomId),
        () => end('destroyed'),
      ),
    setLocked: (locked) =>
      void act(
        'lock',
        () => lock(locked),
        () => undefined,
      ),
    steer: (change) =>
      void act(
        'steer',
        () => room.take(api.steerRoom(roomId, change), (changed) => changed),
        () => undefined,
      ),
    removeMember: createRemoving(context, people, acting, rekey, lock),
    renewLink: () => {
      if (rekey !== null)
        void act(
          'renew',
          () => rekey(null),
          () => undefined,
        );
    },
    rename: (name) =>
      void act(
        'rename',
        () => voice.rename(name),
        () => {
          ownName.set(name);
          people.rename(self, { name });
        },
      ),
  };
}

type SetLocked = (locked: boolean) => Promise<Answer<Room>>;

function createRemoving(
  { api, roomId, onRefused, sealedRoom }: SessionContext,
  people: People,
  { state, act }: ReturnType<typeof createActing>,
  rekey: Rekey | null,
  lock: SetLocked,
): RoomActions['removeMember'] {
  async function removeAndLock(memberId: MemberId, lockFirst: boolean) {
    let refusal: Failure | undefined;
    const call = async () => {
      // First, or the removed member could be back by the link before the room is locked. A lock that fails is no reason to
      // let them stay, though: it may be they who keep the owner from locking.
      const locked = lockFirst ? await lock(true) : null;
      if (locked?.ok === false) refusal = locked.failure;
      return api.putOut(roomId, memberId);
    };
    // The event says who has left; but no later key is for them, whether or not the server says it.
    await act('remove', call, () => {
      sealedRoom?.removed.add(memberId);
      if (refusal === undefined) return;
      state.set({ pending: null, failure: refusal, lockFailed: true });
      onRefused(refusal);
    });
  }

  return (memberId, lockFirst) => {
    // Where it cannot, the owner's hand is not tied: the seat goes all the same.
    void (rekey !== null && sealedRoom?.canRekey(people.list.get().length) === true
      ? act(
          'remove',
          () => rekey(memberId),
          () => undefined,
        )
      : removeAndLock(memberId, lockFirst));
  };
}

/** Null where the room has no key, or this browser none of its own. */
function createLazyRekeying(context: SessionContext, people: People, setLocked: SetLocked): Rekey | null {
  const { sealedRoom, room } = context;
  if (sealedRoom === null || sealedRoom.identity === null) return null;
  let made: Rekey | null = null;
  return async (remove) => {
    const { createRekeying } = await arrived(sealedRoom.epochs.following);
    made ??= createRekeying({
      ...context,
      sealedRoom,
      seated: () => people.list.get().map(({ memberId }) => memberId),
      isLocked: () => room.get().locked,
      setLocked,
    });
    return made(remove);
  };
}
