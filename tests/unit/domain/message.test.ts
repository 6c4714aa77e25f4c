import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareCursors, CURSOR_START, cursorSchema, messageIdSchema, readableCursor } from '@/domain/message';
import { plainTextFault } from '@/domain/plain-text';
import { senderSchema, textSchema } from '@/domain/requests';

const cursor = (text: string) => cursorSchema.parse(text);

describe('a cursor', () => {
  it('is told apart by its milliseconds, then by its place among them', () => {
    const inOrder = ['0-0', '0-1', '1-0', '1-2', '1-10', '9-9', '10-0', '1795232778545-0', '1795232778545-1'].map(
      cursor,
    );
    const shuffled = [...inOrder].sort((left, right) => right.localeCompare(left));
    expect(shuffled.sort(compareCursors)).toEqual(inOrder);
    expect(compareCursors(cursor('5-5'), cursor('5-5'))).toBe(0);
    expect(compareCursors(CURSOR_START, cursor('0-1'))).toBeLessThan(0);
  });

  it.each(['', '1', '-', '1-', '-1', '1-1-1', '1-a', '+1-1', ' 1-1', '1-1\n', '1.5-1', `${'1'.repeat(21)}-1`])(
    'is not %j',
    (text) => {
      expect(cursorSchema.safeParse(text).success).toBe(false);
    },
  );

  it('beyond what Redis can read counts as later than any event, and any other stays as it is', () => {
    expect(readableCursor(cursor('1795232778545-3'))).toBe('1795232778545-3');
    for (const far of [
      '99999999999999999999-0',
      '1-99999999999999999999',
      '18446744073709551616-0',
      '253402300800000-0',
    ]) {
      const readable = readableCursor(cursor(far));
      expect(compareCursors(readable, cursor('253402300799998-0'))).toBeGreaterThan(0);
      for (const part of readable.split('-')) expect(Number.isSafeInteger(Number(part))).toBe(true);
    }
  });
});

describe('a message id', () => {
  it.each(['a-_45678', 'A'.repeat(64)])('may be %s', (id) => {
    expect(messageIdSchema.safeParse(id).success).toBe(true);
  });
  it.each(['', 'a234567', 'a'.repeat(65), 'a2345678 ', 'a2345678\n', 'ä2345678', 'a.234567', '../../../..'])(
    'may not be %j',
    (id) => {
      expect(messageIdSchema.safeParse(id).success).toBe(false);
    },
  );
});

describe('an unsealed text', () => {
  it('is measured in code points', () => {
    expect(plainTextFault('🦋'.repeat(5), 5)).toBeNull();
    expect(plainTextFault('🦋'.repeat(6), 5)).toMatch(/longer than 5/);
    expect(textSchema.safeParse('🦋'.repeat(1_000)).success).toBe(true);
    expect(textSchema.safeParse('🦋'.repeat(1_001)).success).toBe(false);
    expect(senderSchema.safeParse('a'.repeat(100)).success).toBe(true);
    expect(senderSchema.safeParse('a'.repeat(101)).success).toBe(false);
  });

  it.each(['', ' ', '\n', '\t\r\n', '\u00a0', '\u2003\u3000', '\ufeff'])('is blank as %j', (text) => {
    expect(plainTextFault(text, 10)).toBe('is blank');
  });

  it('with half of a character anywhere is refused, and without one never', { timeout: 30_000 }, () => {
    const half = fc.integer({ min: 0xd800, max: 0xdfff }).map((unit) => String.fromCharCode(unit));
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), half, fc.nat(40), (text, lone, at) => {
        const characters = Array.from(text);
        characters.splice(at, 0, `a${lone}a`);
        return (
          plainTextFault(`a${text}`, 100) === null &&
          plainTextFault(characters.join(''), 100) === 'is not well-formed Unicode'
        );
      }),
    );
  });
});
