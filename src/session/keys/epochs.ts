import type { KnownEpoch } from '@/crypto/epoch-change';
import type { Identity } from '@/crypto/identity';
import type { RoomSecret } from '@/crypto/fragment';
import { PAGE_RETRY } from '@/client/line';
import type { RoomApi } from '@/client/api';
import type { EventData } from '@/domain/events';
import { EPOCHS_MAX } from '@/domain/limits';
import type { Cursor } from '@/domain/message';
import type { MemberId, RoomId } from '@/domain/room';
import type { KeyCheck } from '@/domain/sealed';
import { arrived, createDeferred, type Deferred } from '@/lib/deferred';
import { createRetry } from '@/lib/retry';
import type { Readable } from '@/lib/store';
import type { RoomState } from '@/session/room-state';
import type { Cards } from './cards';
import type { HeldKeys } from './key-ring';
import { createStandings, type Standing, type Standings } from './standing';

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
  const { room, ring, random, over } = environment;
  const following = createDeferred(loadFollowing, random);
  const retry = createRetry(PAGE_RETRY, random);
  const standings = createStandings(environment);
  const { standing, isBehind } = standings;
  const taking = createTaking(environment, standings);
  const inTurn = createTurns();
  const sought = new Set<number>();
  /** The last attempt to read the epochs failed. */
  let isUnread = false;
  let running: Promise<void> | null = null;

  /** Reads how the room came to its newest epoch: down from the keys at hand, where older ones are missing, and up. */
  function catchUp(): Promise<void> {
    return (running ??= inTurn(follow)
      .catch(environment.report)
      .finally(() => {
        running = null;
        standings.judge();
        if (isUnread || isBehind()) retry.schedule(() => void catchUp());
      }));
  }

  async function follow(): Promise<void> {
    retry.cancel();
    const { followRoom } = await arrived(following);
    const outcome = await followRoom(environment, taking.accept);
    isUnread = outcome === 'unreachable';
    if (outcome === null && !isBehind()) retry.reset();
    else if (outcome !== null && outcome !== 'unreachable') standings.refuse(outcome);
  }

  function keepUp() {
    standings.judge();
    if (isBehind()) void catchUp();
  }

  async function seek(epoch: number): Promise<void> {
    if (ring.keysOf(epoch) !== undefined) return;
    const isNewer = epoch > ring.get().keys.epoch && epoch <= EPOCHS_MAX;
    if (!sought.has(epoch) && (isNewer || epoch < ring.lowest())) {
      sought.add(epoch);
      if (isNewer) await environment.look();
      else void catchUp();
    }
    await running;
  }

  room.subscribe(keepUp);
  over.addEventListener('abort', retry.cancel);
  return {
    standing,
    following,
    seek,
    accept: taking.accept,
    settled: () => running ?? Promise.resolve(),
    start: () => {
      keepUp();
      if (ring.lowest() > 0) void catchUp();
    },
    take: async (cursor, event) => {
      // At once: nothing more goes out under the key before, however long it takes to follow.
      standings.announce(event.epoch);
      if (!(await inTurn(() => taking.take(cursor, event, following)))) await catchUp();
    },
    leave: async (epoch) => {
      standings.announce(epoch + 1);
      if (isBehind()) await catchUp();
    },
  };
}

/** Takes new keys over. */
function createTaking(environment: EpochsEnvironment, { refuse, isRefused, change }: Standings) {
  const { room, ring, cards, ownerId, isRemoved, onSecret, onRekeyed } = environment;
  /** The server may report a key again and again, at any place. */
  const announced = new Set<number>();
  const holds = (epoch: number, keyCheck: KeyCheck) => ring.keysOf(epoch)?.keyCheck === keyCheck;

  function begin(rekeying: Rekeying) {
    if (announced.has(rekeying.epoch)) return;
    announced.add(rekeying.epoch);
    ring.begin(rekeying.epoch, rekeying.cursor);
    onRekeyed(rekeying);
  }

  function accept({ known, by, cursor }: Accepted) {
    const { epoch, keyCheck, secret } = known.keys;
    const isNew = epoch > ring.get().keys.epoch;
    if (isNew)
      change(() => {
        const { epoch: seen = 0, replaced = [], keyCheck: before } = room.get();
        // A look at the room may have said it already.
        if (seen < epoch)
          room.change({ epoch, keyCheck, replaced: before === undefined ? replaced : [...replaced, before] });
        ring.add(known);
      });
    // The answer to its maker may have been faster than the stream.
    if (cursor !== null && holds(epoch, keyCheck)) begin({ epoch, by, cursor });
    if (isNew) onSecret(secret, epoch);
  }

  /** What the stream says of a new key; false: the page has to catch up first. */
  async function take(
    cursor: Cursor,
    event: EventData<'room.rekeyed'>,
    following: Deferred<Following>,
  ): Promise<boolean> {
    const { epoch, by, keyCheck } = event;
    const held = ring.get().keys.epoch;
    if (epoch <= held) {
      if (holds(epoch, keyCheck)) begin({ epoch, by, cursor });
      return true;
    }
    const owner = ownerId();
    // Without the list nobody knows who owns the room, and with a gap between there are no live rules to follow.
    if (epoch > held + 1 || owner === null) return false;
    if (isRefused()) return true;
    // The server may seat somebody again who was removed, and name them owner.
    const mayMake = by === owner && !isRemoved(by);
    const follow = async () => (await arrived(following)).followLive(environment, await cards.of(by), event);
    const outcome = mayMake ? await follow() : 'not-the-owner';
    if (typeof outcome !== 'string') accept({ known: outcome, by, cursor });
    // The page may have made this very key, and heard so meanwhile.
    else if (holds(epoch, keyCheck)) begin({ epoch, by, cursor });
    else refuse(outcome);
    return true;
  }

  return { accept, take };
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
