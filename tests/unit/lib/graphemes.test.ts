import { expect, it } from 'vitest';
import { isFewEmoji, isOneGrapheme } from '@/lib/graphemes';

it.each(['a', 'é', 'e\u0301', '👩‍👩‍👧‍👦', '🇩🇪', '👍🏽'])('%s is one character as people count', (text) => {
  expect(isOneGrapheme(text)).toBe(true);
});

it.each(['', 'ab', '👍👍'])('“%s” is not one character', (text) => {
  expect(isOneGrapheme(text)).toBe(false);
});

it.each(['👍', '👍🏽', '❤️', '👍👍👍', '🎉 🎉', '👩‍👩‍👧‍👦', '🇩🇪🇫🇷', '1️⃣', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '☝🏽', ' 🦋\n', '🏳️‍🌈'])(
  '%s is one to three emoji',
  (text) => {
    expect(isFewEmoji(text)).toBe(true);
  },
);

it.each([
  ['nothing', ''],
  ['blanks', '  '],
  ['four of them', '👍👍👍👍'],
  ['digits, which may become emoji', '123'],
  ['a sign that is text by itself', '©'],
  ['words beside it', '👍 yes'],
  ['a letter with a colour of skin', 'a🏽'],
  ['half a flag', '🇩'],
  ['an emoji under a stack of accents', `👍${'\u0301'.repeat(5)}`],
  ['a picture that is text by itself', '✔'],
])('%s is no emoji to draw large', (_what, text) => {
  expect(isFewEmoji(text)).toBe(false);
});
