import type { KnownEpoch } from '@/crypto/epoch-change';
import type { Identity } from '@/crypto/identity';
import type { RoomSecret } from '@/crypto/fragment';
import { PAGE_RETRY } from '@/client/line';
import type { RoomApi } from '@/client/api';
import type { EventData } from '@/domain/events';
import type { Cursor } from '@/domain/message';
import type { MemberId, RoomId } from '@/domain/room';
import { createDeferred, type Deferred } from '@/lib/deferred';
import { createRetry } from '@/lib/retry';
import { createStore, type Readable } from '@/lib/store';
import type { RoomState } from '@/session/room-state';
import type { Cards } from './cards';
import type { HeldKeys } from './key-ring';
import { standingOf, type KeyTrouble, type Standing } from './standing';

/** A new key that the page has taken. */
export interface Rekeying {
  readonly epoch: number;
  readonly by: MemberId;
  /** Its place in the stream. */
  readonly cursor: Cursor;
}

/** A new epoch, and who made it; `cursor` is missing while only the answer to its maker is known. */
export interface Accepted {
  readonly known: KnownEpoch;
  readonly by: MemberId;
  readonly cursor: Cursor | null;
}

/** The code that follows the room from key to key: most rooms never need it. */
const loadFollowing = () => import('./following');
type Following = Awaited<ReturnType<typeof loadFollowing>>;

export interface EpochsEnvironment {
  readonly api: RoomApi;
  readonly roomId: RoomId;
  readonly self: MemberId;
  readonly random: () => number;
  readonly over: AbortSignal;
  readonly report: (fault: unknown) => void;
  readonly room: RoomState;
  readonly ring: HeldKeys;
  readonly cards: Cards;
  /** Null: the keys are lost, and no wrap can be opened. */
  readonly identity: Identity | null;
  readonly lowestEpoch: number;
  readonly onSecret: (secret: RoomSecret, epoch: number) => void;
  readonly onRekeyed: (rekeying: Rekeying) => void;
  /** Null until the list of people has been read. */
  readonly ownerId: () => MemberId | null;
  readonly isRemoved: (memberId: MemberId) => boolean;
  /** Looks at the room, which updates `room`. */
  readonly look: () => Promise<unknown>;
}

/** Keeps the page’s keys at the room’s epoch, or says why it does not follow. */
export interface Epochs {
  readonly standing: Readable<Standing>;
  readonly start: () => void;
  /** Takes `room.rekeyed`. */
  readonly take: (cursor: Cursor, event: EventData<'room.rekeyed'>) => Promise<void>;
  /** Resolves once the keys of an epoch have been looked for, if they are not held. They may be found later all the same. */
  readonly seek: (epoch: number) => Promise<void>;
  /** The server says that this epoch is over. Resolves once the page has tried to follow. */
  readonly leave: (epoch: number) => Promise<void>;
  readonly accept: (accepted: Accepted) => void;
  /** Resolves once nothing is being looked for any more. */
  readonly settled: () => Promise<void>;
  readonly following: Deferred<Following>;
}

export function createEpochs(environment: EpochsEnvironment): Epochs {
  const { room, ring, cards, random, over, lowestEpoch } = environment;
  const following = createDeferred(loadFollowing, random);
  const retry = createRetry(PAGE_RETRY, random);
  const standing = createStore<Standing>({ state: 'current' });
  const sought = new Set<number>();
  let announced = 0;
  let refused: KeyTrouble | null = null;
  let isAccepting = false;
  /** The last attempt to read the epochs failed. */
  let isUnread = false;
  let running: Promise<void> | null = null;
  const inTurn = createTurns();

  function judge() {
    if (isAccepting || over.aborted) return;
    const { keys: held } = ring.get();
    const next = standingOf({ held, room: room.get(), lowestEpoch, announced, refused });
    const before = standing.get();
    const trouble = (one: Standing) => (one.state === 'refused' ? one.trouble : null);
    if (before.state !== next.state || trouble(before) !== trouble(next)) standing.set(next);
  }

  function refuse(trouble: KeyTrouble) {
    refused = trouble;
    judge();
  }

  function accept({ known, by, cursor }: Accepted) {
    const { keys } = known;
    if (keys.epoch <= ring.get().keys.epoch) {
      // The answer to its maker was faster than the stream.
      const isHeld = ring.keysOf(keys.epoch)?.keyCheck === keys.keyCheck;
      if (isHeld && cursor !== null) begin({ epoch: keys.epoch, by, cursor });
      return;
    }
    const { epoch = 0, replaced = [], keyCheck } = room.get();
    isAccepting = true;
    // What a look at the room has said already stays.
    if (epoch < keys.epoch) {
      const checks = keyCheck === undefined ? replaced : [...replaced, keyCheck];
      room.change({ epoch: keys.epoch, keyCheck: keys.keyCheck, replaced: checks });
    }
    ring.add(known);
    isAccepting = false;
    if (cursor !== null) begin({ epoch: keys.epoch, by, cursor });
    environment.onSecret(keys.secret, keys.epoch);
    judge();
  }

  function begin(rekeying: Rekeying) {
    ring.begin(rekeying.epoch, rekeying.cursor);
    environment.onRekeyed(rekeying);
  }

  /** Reads how the room came to its newest epoch: down from the keys at hand, where older ones are missing, and up. */
  function catchUp(): Promise<void> {
    return (running ??= inTurn(follow)
      .catch(environment.report)
      .finally(() => {
        running = null;
        judge();
        if (isUnread || standing.get().state === 'behind') retry.schedule(() => void catchUp());
      }));
  }

  async function follow(): Promise<void> {
    retry.cancel();
    const part = await arrived(following);
    const outcome = await part.followRoom(environment, accept);
    isUnread = outcome === 'unreachable';
    if (outcome === 'unreachable') return;
    if (outcome !== null) refuse(outcome);
    else if (standing.get().state === 'current') retry.reset();
  }

  /** Takes what the stream says of a new key; false: the page has to catch up first. */
  async function takeLive(cursor: Cursor, event: EventData<'room.rekeyed'>): Promise<boolean> {
    const { keys: held } = ring.get();
    const { epoch, by, keyCheck } = event;
    if (epoch <= held.epoch) {
      if (ring.keysOf(epoch)?.keyCheck === keyCheck) begin({ epoch, by, cursor });
      return true;
    }
    announced = Math.max(announced, epoch);
    const ownerId = environment.ownerId();
    // Without the list nobody knows who owns the room, and with a gap between there are no live rules to follow.
    if (epoch > held.epoch + 1 || ownerId === null) return false;
    if (refused !== null) return true;
    const follow = async () => (await arrived(following)).followLive(environment, await cards.of(by), event);
    // The server may seat somebody again who was removed, and name them owner.
    const mayMake = by === ownerId && !environment.isRemoved(by);
    const outcome = mayMake ? await follow() : 'not-the-owner';
    if (typeof outcome !== 'string') accept({ known: outcome, by, cursor });
    // The page may have made this very key, and heard so meanwhile.
    else if (ring.keysOf(epoch)?.keyCheck !== keyCheck) refuse(outcome);
    else begin({ epoch, by, cursor });
    return true;
  }

  function keepUp() {
    judge();
    if (!isAccepting && standing.get().state === 'behind') void catchUp();
  }

  room.subscribe(keepUp);
  over.addEventListener('abort', retry.cancel);
  judge();

  return {
    standing,
    following,
    start: () => {
      keepUp();
      if (ring.lowest() > 0) void catchUp();
    },
    take: async (cursor, event) => {
      if (!(await inTurn(() => takeLive(cursor, event)))) await catchUp();
    },
    accept,
    settled: () => running ?? Promise.resolve(),
    seek: async (epoch) => {
      if (ring.keysOf(epoch) !== undefined) return;
      if (epoch > ring.get().keys.epoch && !sought.has(epoch)) {
        sought.add(epoch);
        await environment.look();
      } else if (epoch < ring.lowest() && !sought.has(epoch)) {
        sought.add(epoch);
        void catchUp();
      }
      await running;
    },
    leave: async (epoch) => {
      announced = Math.max(announced, epoch + 1);
      judge();
      if (standing.get().state === 'behind') await catchUp();
    },
  };
}

/** Runs one thing after the other, as each of them starts from the newest key. */
function createTurns() {
  let last: Promise<unknown> = Promise.resolve();
  return <Result>(work: () => Promise<Result>): Promise<Result> => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
}

/** Waits for a part of the program that is fetched in time, as a rule. */
export function arrived<Part>(deferred: Deferred<Part>): Promise<Part> {
  deferred.fetch();
  return new Promise((resolve) => {
    const look = () => {
      const part = deferred.get();
      if (part === null) return;
      unsubscribe();
      resolve(part);
    };
    const unsubscribe = deferred.subscribe(look);
    look();
  });
}
