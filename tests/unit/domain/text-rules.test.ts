import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { senderSchema } from '@/domain/requests';
import { endsInMark, isBlank, nameFault, namesake, shownName } from '@/domain/text-rules';

const NAMES = [
  'Ann',
  "Siobhán O'Brien",
  'O’Brien',
  'Jean-Luc',
  'Mary Ann',
  'Dr. No',
  'X Æ A-12',
  'ß',
  'İpek',
  'Ἀθηνᾶ',
  'Ольга',
  'Հայկ',
  'ნინო',
  'علي',
  'محمد\u064f',
  'علی\u200cرضا',
  'می\u200cخواهم',
  'شه\u200cوه\u200c',
  'ه\u200dـ',
  'משה',
  'דָּוִד',
  'ܝܘܚܢܢ',
  'ߞߊ߲ߕߍ',
  'नमस्ते',
  'क्\u200dष',
  'क्\u200cष',
  'ක්\u200dෂේම',
  'ශ්\u200dරී',
  'രാജന്\u200d',
  'ত্\u200dসা',
  'தமிழ்',
  'ಕನ್ನಡ',
  'ສົມ',
  'สมชาย',
  'ကျော်',
  'ខ្មែរ',
  'བསྟན་འཛིན',
  'ᠰᠠᠷ\u180eᠠ',
  '김철수',
  '각',
  '\u1112\u1161\u11ab',
  '山田太郎',
  '葛\u{e0100}城',
  'ｱﾝ',
  '李',
  'é',
  'e\u0301',
  '🦋',
  '👩‍👩‍👧‍👦',
  '👩🏽‍🚀',
  '🏳️‍🌈',
  '🏴‍☠️',
  '❤️‍🔥',
  '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
  '🇩🇪',
  '1️⃣',
  '#️⃣',
  '👍🏽',
  '🧑‍🧑‍🧒',
  '©️',
  'Ann\u00a0B',
  '東京\u3000太郎',
  '123',
  'true',
  '{"a":1}',
  '<b>',
  'Bob · 2',
  '\ue000',
  '\u{1faff}\u{1fbff}',
];

describe('a name', () => {
  it.each(NAMES)('may be %s', (name) => {
    expect(nameFault(name)).toBeNull();
    expect(senderSchema.safeParse(name).success).toBe(true);
  });

  it.each([
    ['a line', 'Ann\nOwner: hi'],
    ['a return', 'Ann\rB'],
    ['a tab', 'Ann\tB'],
    ['a null', 'Ann\0'],
    ['an escape', '\u001b[31mAnn'],
    ['a C1 control', 'Ann\u0085'],
    ['a line separator', 'Ann\u2028B'],
    ['a paragraph separator', 'Ann\u2029B'],
    ['an override', '\u202ennA'],
    ['an override inside', 'Ann\u202e'],
    ['an embedding', 'Ann\u202aB\u202c'],
    ['an isolate', '\u2066Ann\u2069'],
    ['the end of one', 'Ann\u2069 owns the room now'],
    ['a left-to-right mark', 'Ann\u200e'],
    ['a right-to-left mark', '\u200fAnn'],
    ['an Arabic letter mark', 'Ann\u061c'],
    ['a zero-width space', 'An\u200bn'],
    ['a word joiner', 'An\u2060n'],
    ['a byte order mark', '\ufeffAnn'],
    ['a soft hyphen', 'An\u00adn'],
    ['a joiner between Latin letters', 'A\u200dnn'],
    ['a non-joiner after them', 'Ann\u200c'],
    ['two joiners after an Arabic letter', 'علي\u200c\u200c'],
    ['a joiner first', '\u200dعلي'],
    ['a joiner after a digit', '١\u200d٢'],
    ['a joiner after an emoji alone', '🦋\u200d'],
    ['a joiner from an emoji to a letter', '🦋\u200dAnn'],
    ['tags alone', 'Ann\u{e0041}\u{e0042}'],
    ['tags without an end', '🏴\u{e0067}\u{e0062}\u{e0065}'],
    ['tags after another emoji', '🦋\u{e0067}\u{e0062}\u{e0065}\u{e007f}'],
    ['an annotation', 'Ann\ufff9a\ufffab\ufffb'],
    ['a musical control', 'Ann\u{1d173}'],
  ])('may not hold %s', (_what, name) => {
    expect(nameFault(name)).toBe('forbidden');
    expect(senderSchema.safeParse(name).error?.issues[0]?.message).toBe('holds a character that a name may not');
  });

  it('may have a hundred characters, and no more', () => {
    expect(nameFault('🦋'.repeat(100))).toBeNull();
    expect(nameFault('🦋'.repeat(101))).toBe('too-long');
    expect(nameFault('a\ud800')).toBe('not-well-formed');
  });

  it('of any Unicode that passes is one line and contains nothing that turns its neighbours around', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 20 }),
        (name) => nameFault(name) !== null || !/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_C}]/u.test(name),
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('what shows nothing', () => {
  it.each([
    '',
    ' ',
    '\n',
    '\u00a0\u2003\u3000',
    '\u200b',
    '\u200b\u200c\u200d',
    '\u2060',
    '\ufeff',
    '\u00ad',
    '\u034f',
    '\u061c',
    '\u115f',
    '\u1160',
    '\u3164',
    '\uffa0',
    '\u2800',
    '\u2800 \u3164\u200b',
    '\u180e',
    '\u202e\u202c',
    '\u2066\u2069',
    '\ufe0f',
    '\u{e0100}',
    '\u{e0041}\u{e007f}',
    '\u{1d173}',
    '\u{1d159}',
    '\ufff9\ufffb',
    '\ufffc',
    '\u17b4',
    '\u206a',
  ])('is blank: %j', (text) => {
    expect(isBlank(text)).toBe(true);
    expect(nameFault(text)).toBe('blank');
  });

  it.each(['a', '.', '\u2801', '\u0301', '\u20e3', '\u0001', '\ue000', '\ufffd', '🦋', 'ㅤa'])('is not: %j', (text) => {
    expect(isBlank(text)).toBe(false);
  });
});

describe('names that are taken for the same', () => {
  it.each([
    ['Bob', 'bob'],
    ['Bob', 'BOB'],
    ['Bob', 'Ｂｏｂ'],
    ['Bob', '𝐁𝐨𝐛'],
    ['Bob', 'ⓑⓞⓑ'],
    ['Bob', ' Bob '],
    ['Mary Ann', 'Mary\u00a0\u00a0Ann'],
    ['Mary Ann', 'mary\u2800ann'],
    ['é', 'e\u0301'],
    ['Straße', 'STRASSE'],
    ['Σας', 'ΣΑΣ'],
    ['Ann', 'A\u034fnn'],
    ['Ann', 'Ann\ufe0f'],
    ['Ann', 'Ann\u3164'],
    ['علی\u200cرضا', 'علیرضا'],
    ['ﬁn', 'fin'],
    ['김', '\u1100\u1175\u11b7'],
    ['Bob', 'Bob · 2'],
    ['Bob', 'Bob·2'],
    ['Bob', 'Bob • ２'],
    ['Bob', 'Bob ・ 2'],
    ['Bob · 2', 'Bob · 3'],
    ['Bob', 'bob · 2 · 3'],
    ['Bob', 'Bob · ²'],
  ])('%s and %s', (one, other) => {
    expect(namesake(one)).toBe(namesake(other));
  });

  it.each([
    ['Bob', 'Rob'],
    ['Bob', 'Bob 2'],
    ['Agent 7', 'Agent 8'],
    ['Jose', 'José'],
    ['Mary Ann', 'MaryAnn'],
    ['Анна', 'Anna'],
    ['Ann.2', 'Ann'],
  ])('are not %s and %s', (one, other) => {
    expect(namesake(one)).not.toBe(namesake(other));
  });

  it('are still the same with invisible characters anywhere', () => {
    const unseen = fc.constantFrom('\u034f', '\ufe0f', '\u3164', '\u115f', '\u{e0100}', '\u200d');
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('B', 'o', 'é', 'ß', 'Σ', '\u0301', 'ﬁ', '김', 'й', ' '), {
          minLength: 1,
          maxLength: 8,
        }),
        unseen,
        fc.nat(8),
        (letters, sign, at) => {
          const hidden = [...letters.slice(0, at), sign, ...letters.slice(at)];
          return namesake(hidden.join('')) === namesake(letters.join(''));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('end in a typed mark or do not', () => {
    for (const name of ['Bob · 2', 'Bob·12', 'Bob • 2 ', 'Bob · ٢']) expect(endsInMark(name)).toBe(true);
    for (const name of ['Bob', 'Bob 2', 'Bob · x', 'Bob.2', '2 · Bob']) expect(endsInMark(name)).toBe(false);
  });
});

describe('a name as it is shown', () => {
  it.each([
    ['Ann\u2069 owns the room now\u2068', 'Ann owns the room now'],
    ['\u202ennA', 'nnA'],
    ['Ann\nBob', 'Ann Bob'],
    ['Ann\u2028Bob', 'Ann Bob'],
    ['Ann\u00a0\u00a0\u2003Bob', 'Ann Bob'],
    ['Ann\u3164\u3164\u3164x', 'Ann x'],
    ['علی\u200cرضا', 'علی\u200cرضا'],
    ['Ann', 'Ann'],
  ])('makes of %j %j', (name, shown) => {
    expect(shownName(name)).toBe(shown);
  });

  it('is never more than one line, and leaves the marks around it in force', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 30 }),
        (name) => !/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_C}]/u.test(shownName(name)),
      ),
    );
  });
});
