import { planSealed, planPlain, type VoiceNote } from '@/domain/file-card';
import { FILE_PIECE_SEAL_BYTES } from '@/domain/limits';
import { VOICE_MS_MAX } from '@/domain/limits';
import { nameOfMedia } from '@/lib/media/name-of-media';
import { isHeic, SNIFFED_BYTES, safeTypeOf, sniffMedia } from '@/lib/media/sniff';
import { stripMetadata } from '@/lib/media/strip-metadata';
import type { SessionContext } from '@/session/session-context';
import type { Chosen } from './upload';

/** Looks at a file that somebody chose: what it is, what must not be sent with it, and whether it can be sent. */
export async function choose(
  { room, loadPreviews }: Pick<SessionContext, 'room' | 'loadPreviews'>,
  file: Blob,
  name: string,
  voice?: VoiceNote,
): Promise<Chosen> {
  const { sealed, files } = room.get();
  try {
    const head = new Uint8Array(await file.slice(0, SNIFFED_BYTES).arrayBuffer());
    const media = sniffMedia(head);
    const stripped = media?.kind === 'picture' ? await stripMetadata(file, media.type) : null;
    const content = (stripped ?? file).slice(0, undefined, safeTypeOf(media));
    const fault = faultOf(content.size, sealed, files?.maxBytes ?? 0);
    const preview =
      sealed && fault === null && media?.kind === 'picture' ? await previewOf(loadPreviews, content) : null;
    return {
      name: nameOfMedia(name, media),
      kind: media?.kind ?? 'other',
      content,
      metadata: stripped !== null ? 'removed' : media !== null || isHeic(head) ? 'kept' : 'none',
      fault,
      ...(preview != null && { preview }),
      ...(voice && { voice: { ...voice, ms: Math.min(VOICE_MS_MAX, Math.max(1, Math.round(voice.ms))) } }),
    };
  } catch {
    // A folder, or a file that was moved or deleted since.
    const content = new Blob([]);
    return { name: nameOfMedia(name, null), kind: 'other', content, metadata: 'none', fault: 'unreadable' };
  }
}

/** Where the part that makes them does not arrive, a picture goes without one: there is nothing wrong with the picture itself. */
async function previewOf(loadPreviews: SessionContext['loadPreviews'], picture: Blob): Promise<string | null> {
  try {
    const makePreview = await loadPreviews?.();
    return (await makePreview?.(picture)) ?? null;
  } catch {
    return null;
  }
}

/** The limit counts content with its padding, as the server can count it. */
function faultOf(size: number, isSealed: boolean, maxBytes: number): Chosen['fault'] {
  if (maxBytes === 0) return 'files-off';
  if (size === 0) return 'empty';
  const { bytes, pieces } = isSealed ? planSealed(size) : planPlain(size);
  return bytes - (isSealed ? pieces * FILE_PIECE_SEAL_BYTES : 0) > maxBytes ? 'too-large' : null;
}
