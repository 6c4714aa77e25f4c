import { keyCheckSchema, type KeyCheck } from '@/domain/sealed';
import { joinProofSchema, proofHashSchema, type JoinProof, type ProofHash } from '@/domain/sealed';
import { fromBase64url, toBase64url } from './base64url';
import { deriveAesKey, deriveBytes, importRoot, sha256 } from './derivation';
import type { RoomSecret } from './fragment';

/** The secret of one epoch of a room, and what is derived from it. */
export interface RoomKeys {
  /** 0 for the secret that the room was made with. */
  readonly epoch: number;
  readonly secret: RoomSecret;
  readonly messageKey: CryptoKey;
  /** Given to the server, which gives it to everybody: it shows a wrong key at the door. */
  readonly keyCheck: KeyCheck;
  /** The safety phrase, six bytes: the same for everybody who holds the secret, and compared as words. */
  readonly phraseBytes: Uint8Array;
}

/** The keys of the epochs that this page knows. It is asked with the epoch that a sealed string names. */
export type KeyRing = (epoch: number) => RoomKeys | undefined;

const CHECK_BYTES = 8;
/** Six words: enough that nobody finds another secret with the same phrase while two people talk. */
const PHRASE_BYTES = 6;
const PROOF_BYTES = 32;

/** Whether this page can seal at all: browsers offer Web Crypto to https and localhost only. */
export function canSeal(): boolean {
  // The types promise `subtle` everywhere, but insecure contexts lack it.
  return typeof crypto !== 'undefined' && 'subtle' in crypto;
}

export async function deriveRoomKeys(secret: RoomSecret, epoch: number): Promise<RoomKeys> {
  const root = await importRoot(fromBase64url(secret));
  const [messageKey, check, phraseBytes] = await Promise.all([
    deriveAesKey(root, 'message'),
    deriveBytes(root, 'check', CHECK_BYTES),
    deriveBytes(root, 'phrase', PHRASE_BYTES),
  ]);
  return { epoch, secret, messageKey, keyCheck: keyCheckSchema.parse(toBase64url(check)), phraseBytes };
}

/** What a newcomer shows for a seat. It leads back to the secret as little as the check does, and opens nothing. */
export async function deriveJoinProof(secret: RoomSecret): Promise<JoinProof> {
  const root = await importRoot(fromBase64url(secret));
  return joinProofSchema.parse(toBase64url(await deriveBytes(root, 'join', PROOF_BYTES)));
}

/** What the server keeps to recognise the proof by: nobody takes a seat with a copy of the storage. */
export const hashProof = async (proof: JoinProof): Promise<ProofHash> =>
  proofHashSchema.parse(toBase64url(await sha256(proof)));
