import { expect, it } from 'vitest';
import { parseTheme } from '@/lib/theme';

it.each([
  ['light', 'light'],
  ['dark', 'dark'],
  ['system', 'system'],
  [undefined, 'system'],
  ['', 'system'],
  ['dark" onload="', 'system'],
])('reads the cookie %o as %s', (cookie, theme) => {
  expect(parseTheme(cookie)).toBe(theme);
});
