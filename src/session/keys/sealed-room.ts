import type { RoomApi } from '@/client/api';
import type { Identity } from '@/crypto/identity';
import type { RoomSecret } from '@/crypto/fragment';
import type { RoomKeys } from '@/crypto/room-keys';
import { sealedParts } from '@/domain/sealed';
import type { MemberId, RoomId } from '@/domain/room';
import { deriveStore } from '@/lib/derived-store';
import type { Readable } from '@/lib/store';
import type { Connection } from '@/session/room-session';
import type { RoomState } from '@/session/room-state';
import { createCards, type Cards } from './cards';
import { createEpochs, type Epochs, type Rekeying } from './epochs';
import { createKeyRing, type HeldKeys } from './key-ring';
import { safetyPhrase, type Phrase } from './safety-phrase';
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
  readonly phrase: Readable<Phrase>;
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
  readonly look: () => Promise<unknown>;
}

export function createSealedRoom(parts: SealedRoomParts): SealedRoom {
  const { api, roomId, self, identity, keys, name } = parts;
  const ring = createKeyRing(keys);
  const own = identity && { memberId: self, epoch: 0, name, keys: publicKeysOf(identity) };
  const cards = createCards({ ...parts, ring, own });
  const epochs = createEpochs({ ...parts, ring, cards });
  let held = keys;
  let phrase = safetyPhrase(keys);
  const phrases = deriveStore([ring], () => {
    const { keys: newest } = ring.get();
    if (newest !== held) phrase = safetyPhrase(newest);
    held = newest;
    return phrase;
  });
  return { api, roomId, self, identity, ring, cards, epochs, phrase: phrases, posting: createPosting(parts, ring, epochs) };
}

const publicKeysOf = ({ sign, agree }: Identity) => ({ sign: sign.publicKey, agree: agree.publicKey });

function createPosting({ connection, look }: SealedRoomParts, ring: HeldKeys, epochs: Epochs): Posting {
  let isFresh = true;
  const epochOf = (text: string) => sealedParts(text)?.epoch ?? 0;
  connection.subscribe(() => {
    const { state } = connection.get();
    if (state !== 'live' && state !== 'connecting') isFresh = false;
  });
  return {
    isCurrent: ({ text }) => epochOf(text) === ring.get().keys.epoch,
    standing: epochs.standing,
    keys: ring,
    isFresh: () => isFresh,
    refresh: async () => {
      isFresh = true;
      if ((await look()) === null) isFresh = false;
      await epochs.settled();
    },
    leave: ({ text }) => epochs.leave(epochOf(text)),
  };
}
