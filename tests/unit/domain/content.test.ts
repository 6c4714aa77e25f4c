import { describe, expect, it } from 'vitest';
import { parseContent } from '@/domain/content';
import { isReaction } from '@/domain/reaction';

const ON = { id: 'message-1', by: 'Member0123456789' };
const json = (value: unknown) => JSON.stringify(value);

describe('a content', () => {
  it.each([
    { kind: 'text', text: 'Hello' },
    { kind: 'text', text: 'Yes', re: ON, mentions: ['Member0123456789'] },
    { kind: 'reaction', emoji: '👍🏽', on: ON },
    { kind: 'edit', id: 'message-1', n: 1, text: 'Hello!' },
    { kind: 'room', roomId: 'Aa0Bb1Cc2Dd3Ee4Ff5Gg6H', secret: 'A'.repeat(43) },
    {
      kind: 'file',
      file: {
        fileId: 'Aa0Bb1Cc2Dd3Ee4Ff5Gg6H',
        name: 'map.png',
        type: 'image/png',
        key: 'A'.repeat(43),
        hash: 'B'.repeat(43),
        pieces: 1,
        bytes: 1_052,
        size: 1_000,
      },
    },
  ])('of the kind $kind is read back as it was written', (content) => {
    expect(parseContent(json(content))).toEqual(content);
  });

  it('loses the members that this page does not know, and nothing else', () => {
    expect(parseContent(json({ kind: 'text', text: 'Hello', colour: 'red' }))).toEqual({ kind: 'text', text: 'Hello' });
  });

  it('of a kind that this page does not know comes from a newer page', () => {
    expect(parseContent(json({ kind: 'poll', question: 'Where?' }))).toBe('newer');
  });

  it.each([
    ['no JSON', 'Hello'],
    ['no object', '"Hello"'],
    ['no kind', json({ text: 'Hello' })],
    ['a blank text', json({ kind: 'text', text: ' ' })],
    ['a text of 1,001 characters', json({ kind: 'text', text: 'a'.repeat(1_001) })],
    ['half a character', json({ kind: 'text', text: '\ud83d' })],
    ['21 mentions', json({ kind: 'text', text: 'Hi', mentions: Array(21).fill('Member0123456789') })],
    ['a reply to a message without an author', json({ kind: 'text', text: 'Hi', re: { id: 'message-1' } })],
    ['a reaction of two characters', json({ kind: 'reaction', emoji: '👍👎', on: ON })],
    ['an edit that is not counted', json({ kind: 'edit', id: 'message-1', text: 'Hi' })],
    ['an edit number 0', json({ kind: 'edit', id: 'message-1', n: 0, text: 'Hi' })],
  ])('with %s is not a content', (_fault, text) => {
    expect(parseContent(text)).toBeNull();
  });
});

describe('a reaction', () => {
  it.each(['👍', '❤️', '👩‍👩‍👧‍👦', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '🇪🇺', 'é', '1️⃣'])('may be %s', (text) => {
    expect(isReaction(text)).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['a space', ' '],
    ['an invisible character', '\u200b'],
    ['two emoji', '👍👍'],
    ['a word', 'yes'],
    ['half a character', '\ud83d'],
    ['a letter under more marks than anybody needs', `a${'\u0301'.repeat(32)}`],
  ])('may not be %s', (_what, text) => {
    expect(isReaction(text)).toBe(false);
  });
});
