import { pictureSizeIn } from './picture-size';

/**
 * The data URL of a picture that is small and stands still, at most `sideMax` pixels wide and high; undefined for any other. By its bytes, as
 * browsers go by them too: one that calls itself a picture of some type may hold any other, of any size, and would be drawn on every screen
 * of the room.
 */
export function smallStill(dataUrl: string, sideMax: number): string | undefined {
  try {
    const binary = atob(dataUrl.slice(dataUrl.indexOf(',') + 1));
    const size = pictureSizeIn(Uint8Array.from(binary, (character) => character.charCodeAt(0)));
    return size !== null && !size.isMoving && Math.max(size.width, size.height) <= sideMax ? dataUrl : undefined;
  } catch {
    // It is not base64.
    return undefined;
  }
}
