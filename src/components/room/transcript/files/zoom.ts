/** How a picture lies in its stage: its scale, and how far its middle is from the stage's, in pixels. */
export interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Of the stage, and of the picture as it fits into it. */
export interface Boxes {
  readonly stage: { readonly width: number; readonly height: number };
  readonly picture: { readonly width: number; readonly height: number };
}

const SCALE_MAX = 8;

/** The whole picture. */
export const FITTED: View = { scale: 1, x: 0, y: 0 };

/** Zooms while the part of the picture at a point, measured from the middle of the stage, stays there. */
export function zoomed({ scale, x, y }: View, factor: number, at: Point, boxes: Boxes): View {
  const next = Math.max(1, Math.min(SCALE_MAX, scale * factor));
  const by = next / scale;
  return within({ scale: next, x: at.x - (at.x - x) * by, y: at.y - (at.y - y) * by }, boxes);
}

export const moved = ({ scale, x, y }: View, by: Point, boxes: Boxes): View =>
  within({ scale, x: x + by.x, y: y + by.y }, boxes);

/** No edge of the picture leaves that of the stage while there is more of it on that side. */
function within({ scale, x, y }: View, { stage, picture }: Boxes): View {
  const [freeX, freeY] = [picture.width * scale - stage.width, picture.height * scale - stage.height];
  return { scale, x: clamp(x, Math.max(0, freeX / 2)), y: clamp(y, Math.max(0, freeY / 2)) };
}

/** Plus nothing, as a picture that was moved back is where it was: -0 is not 0 to everyone. */
const clamp = (value: number, most: number): number => Math.max(-most, Math.min(most, value)) + 0;
