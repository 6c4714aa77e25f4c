import { createTranslator, type Messages } from 'next-intl';
import { describe, expect, it } from 'vitest';
import { LOCALE } from '@/i18n/locale';
import catalogue from '@/i18n/words/en.json';
import { changeText, pseudoWords, type Pseudo } from '@tests/gallery/pseudo-words';

type Words = string | { readonly [key: string]: Words };

/** All messages of a catalogue by their whole keys. */
function messagesOf(words: Words, key = ''): [string, string][] {
  if (typeof words === 'string') return [[key, words]];
  return Object.entries(words).flatMap(([name, inner]) => messagesOf(inner, key === '' ? name : `${key}.${name}`));
}

const MESSAGES = messagesOf(catalogue);
/** One of each form that English has, and one that is grouped. */
const COUNTS = [0, 1, 2, 1_200];
const CHOICES = ['true', 'other'];

/** A value for each argument of a message: the same one for all that count, and for all that choose. Tags stay tags. */
function argumentsOf(message: string, count: number, choice: string) {
  const tags = Array.from(message.matchAll(/<(\w+)>/g), ([, name = '']): [string, unknown] => [
    name,
    (inside: string) => `<${name}>${inside}</${name}>`,
  ]);
  return Object.fromEntries<unknown>([
    ...tags,
    ...Array.from(message.matchAll(/\{\s*(\w+)\s*(?:,\s*(\w+)|\})/g), ([, name = '', kind]): [string, unknown] => [
      name,
      kind === undefined ? `⟦${name}⟧` : kind === 'select' ? choice : count,
    ]),
  ]);
}

/** What people would read for a message, whatever is counted and chosen. Throws where it is no ICU message. */
function readings(message: string, values: string): string[] {
  const t = createTranslator({
    locale: LOCALE,
    messages: { message } as unknown as Messages,
    timeZone: 'UTC',
    onError: (error) => {
      throw error;
    },
  }) as unknown as { markup: (key: string, values: object) => string };
  return COUNTS.flatMap((count) => CHOICES.map((choice) => t.markup('message', argumentsOf(values, count, choice))));
}

const DOUBLED = new Map(
  Array.from('aeiouyAEIOUYcnszCNSZ', (letter) => [changeText(letter, (text) => pseudoWords(text, 'long')), letter]),
);
const UNDO: Record<Pseudo, (text: string) => string> = {
  long: (text) =>
    text.replace(/áà|éè|íì|óò|úù|ýy|Áa|Ée|Íi|Óo|Úu|Ýy|[çñšžÇÑŠŽ]/g, (found) => DOUBLED.get(found) ?? found),
  mirrored: (text) => text.replace(/[\u202e\u202c]/g, ''),
};

describe.each(['long', 'mirrored'] as const)('words that are %s', (pseudo) => {
  it('say what the real ones say, whatever is counted, chosen or inserted, once they are undone', () => {
    for (const [key, message] of MESSAGES) {
      const changed = readings(pseudoWords(message, pseudo), message);
      expect(changed.map(UNDO[pseudo]), key).toEqual(readings(message, message));
    }
  });

  it('differ from the real ones wherever there is a letter to change', () => {
    for (const [key, message] of MESSAGES) {
      const changed = pseudoWords(message, pseudo);
      if (/[aeiou]/i.test(message.replace(/\{[^{}]*\}/g, ''))) expect(changed, key).not.toBe(message);
    }
  });

  it('keep the keys of the catalogue, in their order', () => {
    expect(messagesOf(pseudoWords(catalogue, pseudo)).map(([key]) => key)).toEqual(MESSAGES.map(([key]) => key));
  });
});

it('makes a sentence longer by about 40 %', () => {
  const sentences = MESSAGES.filter(([, message]) => message.length >= 20 && !message.includes('{'));
  expect(sentences.length).toBeGreaterThan(100);
  const growths = sentences.map(([key, message]) => ({
    key,
    by: pseudoWords(message, 'long').length / message.length,
  }));
  expect(growths.filter(({ by }) => by < 1.2 || by > 1.6)).toEqual([]);
  const mean = growths.reduce((sum, { by }) => sum + by, 0) / growths.length;
  expect(mean).toBeGreaterThan(1.3);
  expect(mean).toBeLessThan(1.45);
});

it.each([
  ['a plain argument', 'Hi {name}!', 'HI {name}!'],
  ['a formatted argument', 'At {time, time, short}', 'AT {time, time, short}'],
  ['a tag', 'Read <link>the page</link><br/>', 'READ <link>THE PAGE</link><br/>'],
  [
    'a plural',
    '{n, plural, =0 {none} one {# seat} other {# of {max} seats}} left',
    '{n, plural, =0 {NONE} one {# SEAT} other {# OF {max} SEATS}} LEFT',
  ],
  [
    'a plural with an offset',
    '{n, plural, offset:1 one {you and #} other {#}}',
    '{n, plural, offset:1 one {YOU AND #} other {#}}',
  ],
  [
    'a choice within a plural',
    '{n, plural, other {{who, select, me {mine} other {its}} now}}',
    '{n, plural, other {{who, select, me {MINE} other {ITS}} NOW}}',
  ],
  ['an ordinal', '{n, selectordinal, one {#st} other {#th}}', '{n, selectordinal, one {#ST} other {#TH}}'],
  ['a quoted brace and an apostrophe', "It''s '{not an argument}' here", "IT''S '{not an argument}' HERE"],
  ['an apostrophe by itself', "it's so", "IT'S SO"],
])('changes the text around %s and nothing else', (_, message, changed) => {
  expect(changeText(message, (text) => text.toUpperCase())).toBe(changed);
});

it('refuses what is no ICU message', () => {
  expect(() => changeText('{n, plural, one {#}', (text) => text)).toThrow(/Not an ICU message/);
});
