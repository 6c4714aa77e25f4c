import { describe, expect, it } from 'vitest';
import { roomName, suggestName } from '@/domain/names';
import { roomIdSchema } from '@/domain/room';
import messages from '@/i18n/words/en.json';
import { NAME_WORDS } from '@tests/support/name-words';

describe('a suggested name', () => {
  it('is two words, for any random number', () => {
    for (const random of [0, 0.25, 0.5, 0.75, 1 - Number.EPSILON])
      expect(suggestName(NAME_WORDS, () => random)).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+$/);
  });

  it('is one of more than a thousand', () => {
    const names = new Set<string>();
    for (let left = 0; left < 40; left += 1) {
      for (let right = 0; right < 40; right += 1) {
        const numbers = [left / 40, right / 40];
        names.add(suggestName(NAME_WORDS, () => numbers.shift() ?? 0));
      }
    }
    expect(names.size).toBe(1_600);
  });
});

describe('a room’s name', () => {
  const words = { adjectives: messages.names.roomAdjectives.split(' '), places: messages.names.roomPlaces.split(' ') };
  /** Ids that differ in their last characters alone, which a poor hash would crowd together. */
  const ids = Array.from({ length: 8_192 }, (_, index) =>
    roomIdSchema.parse(`Room${index.toString(36).padStart(18, '0')}`),
  );

  it('is an adjective and a place, the same whenever it is made', () => {
    const [id = roomIdSchema.parse('Room000000000000000000')] = ids;
    const { adjective, place } = roomName(id, words);
    expect(words.adjectives).toContain(adjective);
    expect(words.places).toContain(place);
    expect(roomName(id, words)).toEqual({ adjective, place });
  });

  it('is one of 4,096, none of them much more likely than another', () => {
    for (const list of [words.adjectives, words.places]) expect(new Set(list).size).toBe(64);
    const names = ids.map((id) => roomName(id, words));
    for (const part of ['adjective', 'place'] as const) {
      const counts = new Map<string, number>();
      for (const name of names) counts.set(name[part], (counts.get(name[part]) ?? 0) + 1);
      // 128 expected for each; six standard deviations to either side.
      expect(Math.min(...counts.values())).toBeGreaterThan(60);
      expect(Math.max(...counts.values())).toBeLessThan(196);
      expect(counts.size).toBe(64);
    }
    // Of 8,192 draws from 4,096 names, 3,542 different ones are expected.
    expect(new Set(names.map(({ adjective, place }) => `${adjective} ${place}`)).size).toBeGreaterThan(3_400);
  });
});
