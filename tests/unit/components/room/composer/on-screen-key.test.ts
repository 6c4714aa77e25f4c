import { afterEach, expect, it, vi } from 'vitest';
import { isOnScreenKey } from '@/components/room/composer/on-screen-key';

afterEach(() => vi.unstubAllGlobals());

const WINDOW_HEIGHT = 800;

it.each([
  ['an Android keyboard, which names no key', { code: '', height: 800, scale: 1 }, true],
  ['an iPhone’s keyboard, over half of the window', { code: 'Enter', height: 420, scale: 1 }, true],
  ['a real keyboard', { code: 'Enter', height: 800, scale: 1 }, false],
  ['the number block of one', { code: 'NumpadEnter', height: 800, scale: 1 }, false],
  ['a real keyboard with its bar of shortcuts', { code: 'Enter', height: 745, scale: 1 }, false],
  ['a real keyboard, on a page that is zoomed in', { code: 'Enter', height: 400, scale: 2 }, false],
])('knows the Enter of %s', (_, { code, height, scale }, isOnScreen) => {
  vi.stubGlobal('window', { innerHeight: WINDOW_HEIGHT, visualViewport: { height, scale } });
  expect(isOnScreenKey({ code })).toBe(isOnScreen);
});

it('takes a key that has a name for a real one where the browser does not say how much is visible', () => {
  vi.stubGlobal('window', { innerHeight: WINDOW_HEIGHT, visualViewport: null });
  expect(isOnScreenKey({ code: 'Enter' })).toBe(false);
});
