import { readInline, type Inline, type Mark } from './markup-inline';

/** Its marks and its end of line included. */
export interface Line {
  readonly kind: 'paragraph' | 'quote' | 'bullets' | 'numbers';
  readonly parts: readonly Inline[];
  /** The number that was typed, in a numbered list. */
  readonly value?: number;
}
export interface CodeBlock {
  readonly kind: 'code-block';
  /** The lines around it, ends of lines included. */
  readonly open: Mark;
  readonly close: Mark;
  readonly language: string;
  readonly code: string;
}
export type Block = CodeBlock | { readonly kind: Line['kind']; readonly lines: readonly Line[] };

const FENCE = '```';
const LANGUAGE = /^[\w+#.-]{0,20}$/;
const LIST = /^(?:- |(\d{1,3})\. )(?=\S)/;
/** As many characters as `LIST` looks at. */
const LIST_CHARACTERS = 6;
const BLANK = /^\s?$/;
/**
 * Reads a few signs out of a text: its blocks in order, with their words, links and names. All their texts joined are the text again,
 * and a sign without a partner stays a word. Each character is looked at a bounded number of times, whatever the text is. `names`: of
 * the people it mentions.
 */
export function parseMarkup(text: string, names: readonly string[] = []): readonly Block[] {
  const longestFirst = [...names].sort((one, other) => other.length - one.length);
  const blocks: Block[] = [];
  let open: { kind: Line['kind']; lines: Line[] } | null = null;
  let isAfterBlank = false;
  let mayHaveCode = true;
  for (let from = 0; from < text.length;) {
    const end = endOfLine(text, from);
    const code = mayHaveCode && text.startsWith(FENCE, from) ? codeBlockAt(text, from, end) : null;
    if (code === 'endless') mayHaveCode = false;
    else if (code !== null) {
      blocks.push(code.block);
      open = null;
      from = code.end;
      continue;
    }
    const line = lineAt(text, from, end, longestFirst);
    const isBlank = line.parts.length === 1 && line.parts[0] === '\n';
    // What follows a blank line runs in a direction of its own.
    if (open === null || open.kind !== line.kind || (isAfterBlank && !isBlank))
      blocks.push((open = { kind: line.kind, lines: [] }));
    open.lines.push(line);
    isAfterBlank = isBlank;
    from = end;
  }
  return blocks;
}

/** The words without their marks, where they stand in a sentence or are read out. */
export function plainWords(text: string): string {
  const wordsOf = (parts: readonly Inline[]): string =>
    parts.map((part) => (typeof part === 'string' ? part : part.kind === 'mark' ? '' : wordsOf(part.parts))).join('');
  return parseMarkup(text)
    .map((block) => ('code' in block ? `${block.code}\n` : wordsOf(block.lines.flatMap(({ parts }) => parts))))
    .join('')
    .trim();
}

/** Just behind the end of the line. */
function endOfLine(text: string, from: number): number {
  const newline = text.indexOf('\n', from);
  return newline < 0 ? text.length : newline + 1;
}

/** `endless`: no line closes it, nor any that begins further down. */
function codeBlockAt(text: string, from: number, end: number): { block: CodeBlock; end: number } | 'endless' | null {
  const language = text.slice(from + FENCE.length, end).trim();
  if (!LANGUAGE.test(language) || end === text.length) return null;
  for (let at = end; at < text.length;) {
    const lineEnd = endOfLine(text, at);
    if (text.startsWith(FENCE, at) && text.slice(at, lineEnd).trim() === FENCE) {
      const code = text.slice(end, at);
      const hasEnd = code.endsWith('\n');
      const close = text.slice(hasEnd ? at - 1 : at, lineEnd);
      const block: CodeBlock = {
        kind: 'code-block',
        open: { kind: 'mark', text: text.slice(from, end) },
        language: language.toLowerCase(),
        code: hasEnd ? code.slice(0, -1) : code,
        close: { kind: 'mark', text: close },
      };
      return { block, end: lineEnd };
    }
    at = lineEnd;
  }
  return 'endless';
}

function lineAt(text: string, from: number, end: number, names: readonly string[]): Line {
  const hasEnd = text.charAt(end - 1) === '\n';
  const to = hasEnd ? end - 1 : end;
  const lineEnd = hasEnd ? ['\n'] : [];
  const marked = (length: number) => [
    { kind: 'mark', text: text.slice(from, from + length) } as const,
    ...readInline(text, from + length, to, names),
    ...lineEnd,
  ];
  if (text.charAt(from) === '>' && BLANK.test(from + 1 < to ? text.charAt(from + 1) : ''))
    return { kind: 'quote', parts: marked(Math.min(2, to - from)) };
  const list = LIST.exec(text.slice(from, Math.min(to, from + LIST_CHARACTERS)));
  if (list === null) return { kind: 'paragraph', parts: [...readInline(text, from, to, names), ...lineEnd] };
  const parts = marked(list[0].length);
  return list[1] === undefined ? { kind: 'bullets', parts } : { kind: 'numbers', parts, value: Number(list[1]) };
}
