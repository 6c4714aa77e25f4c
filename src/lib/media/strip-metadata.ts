import { stripJpeg } from './strip-jpeg';
import { stripPng } from './strip-png';
import { stripWebp } from './strip-webp';
import type { ShownType } from './sniff';

/**
 * A picture without what it says about where, when and with what it was taken: cut out of its bytes, so that every pixel stays as it is.
 * How it is turned stays, too. Null where that cannot be done: the type is another one, or the bytes break its rules.
 */
export async function stripMetadata(picture: Blob, type: ShownType): Promise<Blob | null> {
  if (type === 'image/jpeg') return stripJpeg(picture);
  if (type === 'image/png') return stripPng(picture);
  return type === 'image/webp' ? stripWebp(picture) : null;
}
