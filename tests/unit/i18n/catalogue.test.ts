import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createTranslator } from 'next-intl';
import { expect, it } from 'vitest';
import { ROOM_REASONS } from '@/domain/room-reasons';
import messages from '@/i18n/words/en.json';
import { LOCALE } from '@/i18n/locale';

it('has a sentence for every reason of the server and of the browser', () => {
  const reasons = [...ROOM_REASONS, 'offline', 'unreachable', 'insecure_context'];
  expect(Object.keys(messages.failure).sort()).toEqual([...reasons, 'title'].sort());
});

it.each([
  [0, 'You’re doing that too fast. Try again in a moment.'],
  [1, 'You’re doing that too fast. Try again in 1 second.'],
  [1_200, 'You’re doing that too fast. Try again in 1,200 seconds.'],
])('says how long to wait (%i seconds)', (seconds, sentence) => {
  const t = createTranslator({ locale: LOCALE, messages, namespace: 'failure' });
  expect(t('rate_limited', { seconds })).toBe(sentence);
});

it.each([
  [1, 1, '1 minute, 1 person'],
  [60, 1_000, '60 minutes, 1,000 people'],
])('counts minutes and people in the plural that they need (%i, %i)', (minutes, people, words) => {
  const t = createTranslator({ locale: LOCALE, messages, namespace: 'front' });
  expect(`${t('minutes', { minutes })}, ${t('peopleCount', { people })}`).toBe(words);
});

const PHRASE = messages.phrase.words.split(',');
const PHRASE_EMOJI = PHRASE.map((entry) => entry.split(' ')[0] ?? '');
const PHRASE_NAMES = PHRASE.map((entry) => entry.slice(entry.indexOf(' ') + 1));

it('has a word for each byte of a phrase, no two of them alike, each with an emoji that every system draws', () => {
  expect(PHRASE).toHaveLength(256);
  expect(new Set(PHRASE_EMOJI).size).toBe(256);
  expect(new Set(PHRASE_NAMES).size).toBe(256);
  expect(PHRASE_EMOJI.filter((emoji) => Array.from(emoji).length !== 1)).toEqual([]);
  expect(PHRASE_NAMES.filter((name) => !/^[a-z][a-z -]+$/.test(name))).toEqual([]);
});

it('keeps the emoji in the order that docs/sealing.md makes part of the format, or two ends would see different phrases', () => {
  expect(createHash('sha256').update(PHRASE_EMOJI.join('')).digest('base64url').slice(0, 16)).toBe('THanAVNzkQCCrB4L');
});

it('has names of two words, enough of them that people of one room are seldom offered the same', () => {
  const { adjectives, animals } = messages.names;
  for (const words of [adjectives.split(' '), animals.split(' ')]) {
    expect(new Set(words).size).toBe(words.length);
    expect(words.length).toBeGreaterThanOrEqual(40);
    expect(words.filter((word) => !/^\p{Lu}\p{L}+$/u.test(word))).toEqual([]);
  }
});

it('reaches the room’s page with all that its parts say', () => {
  const namesIn = (files: readonly string[], pattern: RegExp) =>
    files.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(pattern)].map(([, name]) => name));
  const provided = namesIn(['src/app/layout.tsx', 'src/app/room/[roomId]/page.tsx'], /^.*'([a-zA-Z]+)'[,\]].*$/gm);
  const parts = ['src/components/room', 'src/components/ui', 'src/hooks']
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`))
    .filter((file) => /\.tsx?$/.test(file));
  expect(parts.length).toBeGreaterThan(100);
  const said = namesIn(parts, /useTranslations\('(\w+)'\)/g);
  expect(said.filter((name) => !provided.includes(name))).toEqual([]);
});
