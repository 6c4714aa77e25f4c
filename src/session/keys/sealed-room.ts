import type { RoomApi } from '@/client/api';
import type { Identity } from '@/crypto/identity';
import type { RoomSecret } from '@/crypto/fragment';
import type { RoomKeys } from '@/crypto/room-keys';
import type { Cursor } from '@/domain/message';
import { EPOCHS_MAX, REKEY_MEMBERS_MAX } from '@/domain/limits';
import { sealedParts } from '@/domain/sealed';
import type { MemberId, RoomId } from '@/domain/room';
import type { Readable } from '@/lib/store';
import type { Connection } from '@/session/room-session';
import type { RoomState } from '@/session/room-state';
import { createCards, type Cards } from './cards';
import { createEpochs, type Epochs, type Rekeying } from './epochs';
import { createKeyRing, type HeldKeys } from './key-ring';
import type { Posting } from './voice';

/** What a session does by keys. */
export interface SealedRoom {
  readonly api: RoomApi;
  readonly roomId: RoomId;
  readonly self: MemberId;
  /** Null: this browser has lost the keys of its seat. */
  readonly identity: Identity | null;
  readonly ring: HeldKeys;
  readonly cards: Cards;
  readonly epochs: Epochs;
  readonly posting: Posting;
  /** Of the newest key. */
  /** Whether something sealed stands where its epoch is over. */
  readonly isOver: (sealed: string, cursor: Cursor) => boolean;
  /** Whether this page can give the room a new key for this many members: it holds the newest one, and no limit is reached. */
  readonly canRekey: (seated: number) => boolean;
  /** Members who were removed while this page was there. */
  readonly removed: Set<MemberId>;
  /** The ids under which members with new keys go on, by the ones before. */
  readonly moved: Map<MemberId, MemberId>;
  /** Those of them that no epoch names yet, oldest first. */
  readonly removedSince: () => readonly MemberId[];
  /** Whether a member was removed, by what this page saw and by what the epochs say. */
  readonly isRemoved: (memberId: MemberId) => boolean;
}

export interface SealedRoomParts {
  readonly api: RoomApi;
  readonly roomId: RoomId;
  readonly self: MemberId;
  readonly random: () => number;
  readonly over: AbortSignal;
  readonly report: (fault: unknown) => void;
  readonly room: RoomState;
  readonly connection: Readable<Connection>;
  readonly name: string;
  readonly identity: Identity | null;
  readonly keys: RoomKeys;
  readonly lowestEpoch: number;
  readonly onSecret: (secret: RoomSecret, epoch: number) => void;
  readonly onRekeyed: (rekeying: Rekeying) => void;
  readonly ownerId: () => MemberId | null;
  /** False where it failed. */
  readonly look: () => Promise<boolean>;
}

export function createSealedRoom(parts: SealedRoomParts): SealedRoom {
  const { api, roomId, self, keys, name } = parts;
  // The server may answer with a seat that is not these keys': nothing is said in another member's name.
  const identity = parts.identity?.memberId === self ? parts.identity : null;
  const ring = createKeyRing(keys);
  const own = identity && { memberId: self, epoch: 0, name, keys: publicKeysOf(identity) };
  const cards = createCards({ ...parts, ring, own });
  const removed = new Set<MemberId>();
  const isNamed = (memberId: MemberId) => ring.known().some((known) => known.removed.includes(memberId));
  const isRemoved = (memberId: MemberId) => removed.has(memberId) || isNamed(memberId);
  const epochs = createEpochs({ ...parts, identity, ring, cards, isRemoved });
  return {
    api,
    roomId,
    self,
    identity,
    ring,
    cards,
    epochs,
    posting: createPosting(parts, ring, epochs),
    moved: new Map(),
    isOver: (sealed, cursor) => ring.isOver(epochOf(sealed), cursor),
    removed,
    removedSince: () => [...removed].filter((memberId) => !isNamed(memberId)),
    isRemoved,
    canRekey: (seated) =>
      identity !== null &&
      epochs.standing.get().state !== 'refused' &&
      seated <= REKEY_MEMBERS_MAX &&
      ring.get().keys.epoch < EPOCHS_MAX,
  };
}

const epochOf = (sealed: string) => sealedParts(sealed)?.epoch ?? 0;

const publicKeysOf = ({ sign, agree }: Identity) => ({ sign: sign.publicKey, agree: agree.publicKey });

function createPosting({ connection, look }: SealedRoomParts, ring: HeldKeys, epochs: Epochs): Posting {
  /** How often the line was down, and how often it had been before the last look. */
  let drops = 0;
  let dropsSeen = 0;
  let looking: Promise<void> | null = null;
  connection.subscribe(() => {
    const { state } = connection.get();
    if (state !== 'live' && state !== 'connecting') drops += 1;
  });

  async function lookOnce() {
    const before = drops;
    const hasLooked = await look();
    await epochs.settled();
    if (hasLooked) dropsSeen = before;
  }

  return {
    isCurrent: ({ text }) => epochOf(text) === ring.get().keys.epoch,
    standing: epochs.standing,
    keys: ring,
    isFresh: () => drops === dropsSeen,
    refresh: () =>
      (looking ??= lookOnce().finally(() => {
        looking = null;
      })),
    leave: ({ text }) => epochs.leave(epochOf(text)),
  };
}
