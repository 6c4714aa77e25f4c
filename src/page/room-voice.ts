import { readFragment } from '@/crypto/fragment';
import { canSeal, deriveRoomKeys } from '@/crypto/sealing';
import { plainVoice, sealedVoice, type Voice } from '@/crypto/voice';
import type { Room } from '@/domain/room';

/**
 * The voice for a room by the fragment of its link, or why there is none. To be called before anyone joins: without the right key
 * nothing can be read, and nothing may be said.
 */
export async function voiceFor(
  room: Room,
  fragment: string,
): Promise<Voice | 'insecure-context' | 'key-missing' | 'key-wrong'> {
  const secret = readFragment(fragment);
  // A link with a key promises a sealed room. A server that says otherwise is not given plain text.
  if (!room.sealed) return secret === 'missing' ? plainVoice(room) : 'key-wrong';
  if (!canSeal()) return 'insecure-context';
  if (secret === 'missing') return 'key-missing';
  if (secret === 'malformed') return 'key-wrong';
  const keys = await deriveRoomKeys(secret);
  return keys.keyCheck === room.keyCheck ? sealedVoice(keys) : 'key-wrong';
}
