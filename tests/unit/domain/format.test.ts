import { describe, expect, it } from 'vitest';
import { FORMAT, isNewerFormat } from '@/domain/format';

describe('the format', () => {
  it('is newer than that of pages which take the file of a plain room for its caption', () => {
    const beforeFiles = 3;
    expect(FORMAT).toBeGreaterThan(beforeFiles);
  });

  it.each([
    [String(FORMAT + 1), true],
    [String(FORMAT), false],
    ['', false],
    ['1e9', false],
    ['-5', false],
    ['9999999999', false],
  ])('of the header "%s" is newer: %s', (value, isNewer) => {
    expect(isNewerFormat(value)).toBe(isNewer);
  });
});
