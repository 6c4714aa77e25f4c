import { PREVIEW_CHARACTERS_MAX } from '@/domain/limits';

/** The longer side of a preview, from the one that is tried first to the last that is worth looking at. */
const SIDES = [320, 240, 160, 96];
const QUALITIES = [0.7, 0.5, 0.3];
/** Some pixels are looked at, to find out whether they are those of the picture. */
const PROBED = 8;
/** How far a colour may be off that was drawn and read back: none at all, but for what colour profiles round. */
const TOLERANCE = 4;

/**
 * A small picture of a picture, as a data URL that fits into its message. Null where the browser cannot show the picture, or shields its
 * canvas, which then gives noise or one colour.
 */
export async function makePreview(picture: Blob): Promise<string | null> {
  if (!('createImageBitmap' in window)) return null;
  let bitmap: ImageBitmap | null = null;
  try {
    bitmap = await createImageBitmap(picture);
    for (const side of SIDES) {
      const canvas = drawn(bitmap, side);
      const url = canvas && smallest(canvas);
      if (url !== null) return url;
    }
    return null;
  } catch {
    // The bytes are not what they begin like, or the picture is too large to be drawn.
    return null;
  } finally {
    bitmap?.close();
  }
}

function drawn(bitmap: ImageBitmap, side: number): HTMLCanvasElement | null {
  const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null || isShielded(context)) return null;
  // JPEG knows nothing to see through.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** A browser that resists fingerprinting gives back other colours than were drawn. */
function isShielded(context: CanvasRenderingContext2D): boolean {
  for (let step = 0; step < PROBED; step += 1) {
    const colour = [step * 31, 255 - step * 29, step * 17] as const;
    context.fillStyle = `rgb(${colour.join(' ')})`;
    context.fillRect(0, 0, 1, 1);
    const { data } = context.getImageData(0, 0, 1, 1);
    if (colour.some((value, index) => Math.abs(value - (data[index] ?? 0)) > TOLERANCE)) return true;
  }
  return false;
}

/** A browser that cannot make WebP (Safari) makes PNG of it, which is too large as a rule. */
function smallest(canvas: HTMLCanvasElement): string | null {
  for (const type of ['image/webp', 'image/jpeg'])
    for (const quality of QUALITIES) {
      const url = canvas.toDataURL(type, quality);
      if (url.startsWith(`data:${type};base64,`) && url.length <= PREVIEW_CHARACTERS_MAX) return url;
    }
  return null;
}
