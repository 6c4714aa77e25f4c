import { linkAt } from './links';

/** What its author typed to set the words beside it: it is copied with them, and not seen. */
export interface Mark {
  readonly kind: 'mark';
  readonly text: string;
}
/** Words that are set in some way, marks included. */
export interface Piece {
  readonly kind: 'bold' | 'italic' | 'strike' | 'code' | 'link' | 'mention';
  readonly parts: readonly Inline[];
}
export type Inline = string | Mark | Piece;

/** More of them in a row are words. */
const BACKTICKS_MAX = 3;
const BLANK = /^\s?$/;
/** Letters and digits of scripts that set blanks between words: where one stands right outside, a sign sets nothing, as in snake_case. */
const WORD =
  '(?![\\p{scx=Han}\\p{scx=Hira}\\p{scx=Kana}\\p{scx=Hang}\\p{scx=Thai}\\p{scx=Laoo}\\p{scx=Khmr}\\p{scx=Mymr}])[\\p{L}\\p{N}]';
const BEGINS_WITH_WORD = new RegExp(`^${WORD}`, 'u');
const ENDS_IN_WORD = new RegExp(`${WORD}$`, 'u');
/** Signs around signs are a face. */
const SAYS_SOMETHING = /[\p{L}\p{N}\p{ExtPict}]/u;
/** Makes an emoji of the star before it. */
const KEYCAP = /[\ufe0f\u20e3]/;

const SIGNS = { '**': 'bold', '*': 'italic', _: 'italic', '~~': 'strike' } as const;
type Sign = keyof typeof SIGNS;
const SIGNS_OF_RUN: Readonly<Record<string, readonly Sign[]>> = {
  '*': ['*'],
  '**': ['**'],
  '***': ['**', '*'],
  _: ['_'],
  '~~': ['~~'],
};

/** Words behind a sign that has no partner yet. */
interface Opened {
  readonly sign: Sign | null;
  /** Where they begin. */
  readonly from: number;
  readonly parts: Inline[];
}

/** A line while it is read. */
interface Reading {
  readonly text: string;
  readonly from: number;
  readonly to: number;
  at: number;
  /** Where the words begin that no part has yet. */
  wordsFrom: number;
  readonly root: Opened;
  /** No sign stands open twice, so pieces nest no deeper than there are signs. */
  readonly stack: Opened[];
  /** Runs of this many backticks have no partner in the rest of the line. */
  readonly lonely: Set<number>;
}

/** One line, from `from` to `to`; `names`, the longest first, are marked behind an `@`. */
export function readInline(text: string, from: number, to: number, names: readonly string[]): readonly Inline[] {
  const root: Opened = { sign: null, from, parts: [] };
  const line: Reading = { text, from, to, at: from, wordsFrom: from, root, stack: [root], lonely: new Set() };
  while (line.at < to) {
    const character = text.charAt(line.at);
    if (character === '`') readCode(line);
    else if (character === 'h' || character === 'H') readLink(line);
    else if (character === '@') readName(line, names);
    else if (character === '*' || character === '_' || character === '~') readSigns(line);
    else line.at += 1;
  }
  endWords(line, to);
  dissolve(line, 1);
  return root.parts;
}

const top = ({ stack, root }: Reading) => stack.at(-1) ?? root;

/** Everything since the last part is words, and reading goes on at `next`. */
function endWords(line: Reading, next: number): void {
  if (line.at > line.wordsFrom) top(line).parts.push(line.text.slice(line.wordsFrom, line.at));
  line.wordsFrom = line.at = next;
}

function addPiece(line: Reading, end: number, kind: Piece['kind'], parts?: readonly Inline[]): void {
  const { at } = line;
  endWords(line, end);
  top(line).parts.push({ kind, parts: parts ?? [line.text.slice(at, end)] });
}

function readCode(line: Reading): void {
  const { text, to, at, lonely } = line;
  const length = runLength(text, at, to);
  const begin = at + length;
  const end = length > BACKTICKS_MAX || lonely.has(length) ? null : closingRun(text, begin, to, length);
  if (end === null) {
    lonely.add(length);
    line.at = begin;
    return;
  }
  const mark: Mark = { kind: 'mark', text: '`'.repeat(length) };
  addPiece(line, end, 'code', [mark, text.slice(begin, end - length), mark]);
}

function readLink(line: Reading): void {
  const link = linkAt(line.text, line.at);
  if (link?.isLink) addPiece(line, link.end, 'link');
  // What only began like an address is not looked at again.
  else line.at = Math.max(line.at + 1, link?.end ?? 0);
}

function readName(line: Reading, names: readonly string[]): void {
  const begin = line.at + 1;
  const name = isInWord(line) ? undefined : names.find((one) => isNameAt(line.text, begin, one));
  if (name === undefined) line.at = begin;
  else addPiece(line, begin + name.length, 'mention');
}

const isNameAt = (text: string, from: number, name: string) =>
  text.startsWith(name, from) && !BEGINS_WITH_WORD.test(text.slice(from + name.length, from + name.length + 2));

/** Whether a word stands right before. */
const isInWord = ({ text, from, at }: Reading) => ENDS_IN_WORD.test(text.slice(Math.max(from, at - 2), at));

function readSigns(line: Reading): void {
  const { text, from, to, at, stack } = line;
  const end = at + runLength(text, at, to);
  const signs = SIGNS_OF_RUN[text.slice(at, end)];
  const before = at > from ? text.charAt(at - 1) : '';
  const after = end < to ? text.charAt(end) : '';
  // A backslash stands before them in a shrug.
  if (signs !== undefined && !KEYCAP.test(after) && before !== '\\') {
    const mayClose = !BLANK.test(before) && !BEGINS_WITH_WORD.test(text.slice(end, end + 2));
    const innermostFirst = stack.flatMap(({ sign }) => (sign !== null && signs.includes(sign) ? [sign] : [])).reverse();
    const hasClosed = mayClose && innermostFirst.filter((sign) => close(line, sign)).length > 0;
    const isOpen = stack.some(({ sign }) => sign !== null && signs.includes(sign));
    if (!hasClosed && !isOpen && !BLANK.test(after) && !isInWord(line)) {
      endWords(line, end);
      for (const sign of signs) stack.push({ sign, from: end, parts: [] });
    }
  }
  line.at = Math.max(line.at, end);
}

function close(line: Reading, sign: Sign): boolean {
  const { text, stack } = line;
  const depth = stack.findLastIndex((opened) => opened.sign === sign);
  const opened = stack[depth];
  if (opened === undefined) return false;
  endWords(line, line.at);
  if (!SAYS_SOMETHING.test(text.slice(opened.from, line.at))) {
    // Not to be looked at again and again.
    dissolve(line, depth);
    return false;
  }
  dissolve(line, depth + 1);
  stack.pop();
  const mark: Mark = { kind: 'mark', text: sign };
  top(line).parts.push({ kind: SIGNS[sign], parts: [mark, ...opened.parts, mark] });
  line.wordsFrom = line.at += sign.length;
  return true;
}

/** Signs that were opened from this depth on, and not closed, are words. */
function dissolve(line: Reading, depth: number): void {
  for (const { sign, parts } of line.stack.splice(depth)) top(line).parts.push(sign ?? '', ...parts);
}

/** How many of the same character follow one another. */
function runLength(text: string, from: number, to: number): number {
  const character = text.charAt(from);
  let end = from + 1;
  while (end < to && text.charAt(end) === character) end += 1;
  return end - from;
}

/** Behind the next run of exactly this many backticks. */
function closingRun(text: string, from: number, to: number, length: number): number | null {
  for (let at = from; at < to; at += 1) {
    if (text.charAt(at) !== '`') continue;
    const found = runLength(text, at, to);
    at += found;
    if (found === length) return at;
  }
  return null;
}
