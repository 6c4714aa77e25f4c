import { expect, it } from 'vitest';
import { isComposingKey } from '@/lib/composing-key';

it.each([
  ['an Enter of one who types letters', { isComposing: false, keyCode: 13 }, false],
  ['an Enter that chooses a word', { isComposing: true, keyCode: 13 }, true],
  ['the same Enter in Safari, told after the composition has ended', { isComposing: false, keyCode: 229 }, true],
])('recognises %s', (_, event, composing) => {
  expect(isComposingKey(event)).toBe(composing);
});
