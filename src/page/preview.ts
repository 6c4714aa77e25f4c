import { PREVIEW_CHARACTERS_MAX } from '@/domain/limits';

/** From the best one to the last that is still worth looking at, until one is small enough. */
const ATTEMPTS = [
  { side: 360, quality: 0.7 },
  { side: 320, quality: 0.5 },
  { side: 240, quality: 0.5 },
  { side: 160, quality: 0.4 },
  { side: 96, quality: 0.4 },
] as const;

/** The sides of a square in which each pixel has a colour of its own. */
const PROBE_PIXELS = 16;
/** Some browsers change the last bits of what is read, which nobody sees; what changes more is no picture any more. */
const CHANGE_MAX = 8;

/**
 * A small picture of a picture as a data URL, small enough to go inside its message. Null where there is none: the browser cannot draw
 * the picture, or its canvas is shielded against fingerprinting and gives noise or nothing.
 */
export async function makePreview(picture: Blob): Promise<string | null> {
  if (isShielded()) return null;
  let whole: ImageBitmap;
  try {
    whole = await createImageBitmap(picture);
  } catch {
    return null;
  }
  try {
    for (const { side, quality } of ATTEMPTS) {
      const url = await draw(whole, side, quality);
      if (url === null || url.length <= PREVIEW_CHARACTERS_MAX) return url;
    }
    return null;
  } finally {
    whole.close();
  }
}

async function draw(whole: ImageBitmap, side: number, quality: number): Promise<string | null> {
  const { width, height } = sizeWithin(side, whole);
  // A large picture is made smaller beside the page, which would stand still meanwhile.
  const small = await createImageBitmap(whole, { resizeWidth: width, resizeHeight: height, resizeQuality: 'high' });
  const { canvas, context } = canvasOf(width, height);
  if (context === null) return null;
  context.drawImage(small, 0, 0);
  small.close();
  const webp = canvas.toDataURL('image/webp', quality);
  if (webp.startsWith('data:image/webp;base64,')) return webp;
  // Safari makes none, and JPEG knows nothing transparent, which would be black.
  context.globalCompositeOperation = 'destination-over';
  context.fillStyle = 'white';
  context.fillRect(0, 0, width, height);
  const jpeg = canvas.toDataURL('image/jpeg', quality);
  return jpeg.startsWith('data:image/jpeg;base64,') ? jpeg : null;
}

/** The size of a picture whose longer side is no longer than this; nothing is made larger. */
export function sizeWithin(side: number, { width, height }: { width: number; height: number }) {
  const scale = Math.min(1, side / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** Whether what was drawn is read back as something else. */
function isShielded(): boolean {
  const { context } = canvasOf(PROBE_PIXELS, PROBE_PIXELS);
  if (context === null) return true;
  const probe = context.createImageData(PROBE_PIXELS, PROBE_PIXELS);
  for (let at = 0; at < probe.data.length; at += 1) probe.data[at] = at % 4 === 3 ? 255 : (at * 37) % 256;
  context.putImageData(probe, 0, 0);
  return differs(context.getImageData(0, 0, PROBE_PIXELS, PROBE_PIXELS).data, probe.data);
}

/** Whether a canvas gives back something that looks different from what was put into it. */
export const differs = (read: ArrayLike<number>, put: ArrayLike<number>): boolean =>
  read.length !== put.length || Array.from(put).some((value, at) => Math.abs(value - (read[at] ?? 0)) > CHANGE_MAX);

function canvasOf(width: number, height: number) {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  return { canvas, context: canvas.getContext('2d', { willReadFrequently: true }) };
}
