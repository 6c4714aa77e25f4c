import { mergeTable } from '@tests/attack/support/table';
import { describe, expect, test } from 'vitest';

const row = (attack: string, measured: string, value: string) => ({ attack, measured, value });

describe('the table of attacks', () => {
  test('has a line for each figure, with its value in the column of the run', () => {
    expect(mergeTable('', [row('a flood', 'memory', '3 MB'), row('a flood', 'messages', '7 of 7')], 'after')).toBe(
      [
        '| attack  | what was measured | before | after  |',
        '| ------- | ----------------- | ------ | ------ |',
        '| a flood | memory            |        | 3 MB   |',
        '| a flood | messages          |        | 7 of 7 |',
      ].join('\n'),
    );
  });

  test('keeps the order, the other column, and rows that a run left out', () => {
    const before = mergeTable('', [row('a flood', 'memory', '2,000 MB'), row('guesses', 'look-ups', '429')], 'before');
    const document = `Words of ours.\n\n${before}\n\nMore words.`;
    expect(mergeTable(document, [row('guesses', 'look-ups', '200'), row('new', 'here', '1')], 'after')).toBe(
      [
        '| attack  | what was measured | before   | after |',
        '| ------- | ----------------- | -------- | ----- |',
        '| a flood | memory            | 2,000 MB |       |',
        '| guesses | look-ups          | 429      | 200   |',
        '| new     | here              |          | 1     |',
      ].join('\n'),
    );
  });
});
