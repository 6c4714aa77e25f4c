/** Devices that bring their keyboard onto the screen, unless a real one is attached to them. */
export const TOUCH = '(pointer: coarse) and (hover: none)';

/** An on-screen keyboard takes at least this part of the window. The bar of shortcuts that comes with a real one takes less. */
const KEYBOARD_SHARE_MIN = 0.15;

/**
 * Whether a key of a touch device was pressed on its screen. Android's keyboards do not say which key it was; where iOS shows its
 * keyboard, less of the window is visible.
 */
export function isOnScreenKey({ code }: Pick<KeyboardEvent, 'code'>): boolean {
  const viewport = window.visualViewport;
  // Somebody who zooms in sees less, too.
  const visible = viewport === null ? 1 : (viewport.height * viewport.scale) / window.innerHeight;
  return code === '' || code === 'Unidentified' || visible < 1 - KEYBOARD_SHARE_MIN;
}
