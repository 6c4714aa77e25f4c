/** Words that no language has, made from the real ones, to see a screen in a longer language or in one that runs right to left. */
export type Pseudo = 'long' | 'mirrored';

/** A catalogue or a part of it. */
type Words = string | { readonly [key: string]: Words };

const ACCENTED: Readonly<Record<string, string>> = {
  ...{ a: 'áà', e: 'éè', i: 'íì', o: 'óò', u: 'úù', y: 'ýy', A: 'Áa', E: 'Ée', I: 'Íi', O: 'Óo', U: 'Úu', Y: 'Ýy' },
  ...{ c: 'ç', n: 'ñ', s: 'š', z: 'ž', C: 'Ç', N: 'Ñ', S: 'Š', Z: 'Ž' },
};

const RIGHT_TO_LEFT_OVERRIDE = '\u202e';
const POP_DIRECTION = '\u202c';

const CHANGES: Record<Pseudo, (text: string) => string> = {
  /** Every vowel twice makes a text longer by 40 % and its words as long as German ones. */
  long: (text) => text.replace(/[a-z]/gi, (letter) => ACCENTED[letter] ?? letter),
  /** Each word by itself, so that lines break where they did. */
  mirrored: (text) => text.replace(/[^\s,]*\p{L}[^\s,]*/gu, (word) => RIGHT_TO_LEFT_OVERRIDE + word + POP_DIRECTION),
};

/** All words of a catalogue, changed; what ICU reads in them stays as it is. */
export function pseudoWords<W extends Words>(words: W, pseudo: Pseudo): W;
export function pseudoWords(words: Words, pseudo: Pseudo): Words {
  if (typeof words === 'string') return changeText(words, CHANGES[pseudo]);
  return Object.fromEntries(Object.entries(words).map(([key, value]) => [key, pseudoWords(value, pseudo)]));
}

/** An argument that chooses among texts, up to the first of them: `{count, plural, `. */
const CHOOSING = /^\{\s*\w+\s*,\s*(?:plural|select|selectordinal)\s*,/;
/** A choice's name and the brace before its text: `one {`. */
const CHOICE = /^\s*(?:offset:\d+\s*)?(?:=\d+|[\w-]+)\s*\{/;
/** What a text may hold that is no text: a tag, a plain argument, or a quoted part. */
const VERBATIM = /^(?:<\/?\w+\s*\/?>|\{[^{}]*\}|'[{}<>#|][^']*'|'')/;

/** Changes the texts of an ICU message, those inside its plurals and choices included. */
export function changeText(message: string, change: (text: string) => string): string {
  let rest = message;
  let changed = '';
  /** How many choices are open around the place. */
  let depth = 0;

  function copy(found: RegExpExecArray) {
    changed += found[0];
    rest = rest.slice(found[0].length);
  }
  /** The next choice of the innermost argument, or its end. */
  function betweenChoices() {
    const choice = CHOICE.exec(rest);
    if (choice !== null) {
      copy(choice);
      return;
    }
    const end = /^\s*\}/.exec(rest);
    if (end === null) throw new Error(`Not an ICU message: ${message}`);
    copy(end);
    depth -= 1;
  }

  while (rest !== '') {
    const choosing = CHOOSING.exec(rest);
    const verbatim = choosing === null ? VERBATIM.exec(rest) : null;
    if (choosing !== null) {
      copy(choosing);
      depth += 1;
      betweenChoices();
    } else if (verbatim !== null) copy(verbatim);
    else if (rest.startsWith('}') && depth > 0) {
      changed += '}';
      rest = rest.slice(1);
      betweenChoices();
    } else {
      const text = /^[^]?[^{}<']*/.exec(rest)?.[0] ?? rest;
      changed += change(text);
      rest = rest.slice(text.length);
    }
  }
  return changed;
}
