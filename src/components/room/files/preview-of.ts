import { PREVIEW_SIDE_MAX } from '@/domain/limits';
import { smallStill } from '@/lib/media/small-still';
import type { SharedFile } from '@/session/files/shared-file';

const looked = new WeakMap<object, string | undefined>();

/** The small picture that came with a file, if it is one. */
export function previewOf({ preview }: Pick<SharedFile, 'preview'>): string | undefined {
  if (preview === undefined) return undefined;
  // A list that is drawn again does not look at the bytes again.
  if (!looked.has(preview)) looked.set(preview, smallStill(preview.claimed, PREVIEW_SIDE_MAX));
  return looked.get(preview);
}
