import { describe, expect, it } from 'vitest';
import * as limits from '@/domain/limits';

const RATES = Object.entries(limits).flatMap(([name, value]) =>
  typeof value === 'object' ? [[name, value] as const] : [],
);

describe('the limits', () => {
  it('let at most 100 rooms, 200 guesses and 200 messages of 300 at once pass', () => {
    expect(limits.ROOMS_PER_ADDRESS.max).toBeLessThanOrEqual(100);
    expect(limits.GUESSES_PER_ADDRESS.max).toBeLessThanOrEqual(200);
    expect(limits.MESSAGES_PER_MEMBER.max).toBeLessThanOrEqual(200);
    expect(limits.MESSAGES_PER_ROOM.max).toBeLessThanOrEqual(200);
  });

  it('move the seat of somebody who lost their keys once a minute', () => {
    expect(limits.SEAT_MOVES).toEqual({ max: 1, windowMs: 60_000 });
  });

  it.each(RATES.filter(([name]) => name !== 'SEAT_MOVES'))('let five in a row pass: %s', (_, limit) => {
    expect('burst' in limit ? limit.burst : limit.max).toBeGreaterThanOrEqual(5);
    expect('burst' in limit ? limit.intervalMs : limit.windowMs).toBeGreaterThan(0);
  });

  it('hold at least the 1,000 messages that the contract promises, each with the longest text, sealed', () => {
    // 4,096 padded bytes and their tag in base64url, the version, the epoch and the vector.
    const sealedText = 5_524;
    expect(limits.ROOM_MESSAGES_MAX).toBeGreaterThanOrEqual(1_000);
    expect(limits.ROOM_BYTES_MAX).toBeGreaterThanOrEqual(1_000 * 2 * sealedText);
  });

  it('leave room in a body for the largest valid request, every character escaped', () => {
    const plain = {
      id: 'a'.repeat(64),
      sender: '\u0001'.repeat(limits.SENDER_CHARACTERS_MAX),
      text: '\u0001'.repeat(limits.TEXT_CHARACTERS_MAX),
    };
    const sealed = {
      id: 'a'.repeat(64),
      text: 'a'.repeat(limits.SEALED_CHARACTERS_MAX),
    };
    for (const body of [plain, sealed])
      expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(limits.BODY_BYTES_MAX);
    const wraps = Array.from({ length: limits.REKEY_MEMBERS_MAX }, (_, index) => [
      `${index}`.padEnd(16),
      'a'.repeat(81),
    ]);
    const rekey = { previous: 'a'.repeat(limits.PREVIOUS_CHARACTERS_MAX), wraps: Object.fromEntries(wraps) as unknown };
    expect(Buffer.byteLength(JSON.stringify(rekey)) * 2).toBeLessThan(limits.REKEY_BODY_BYTES_MAX);
  });
});
