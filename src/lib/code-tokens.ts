/** A part of a program's text, by what most languages have in common. */
export interface CodeToken {
  readonly kind: 'plain' | 'comment' | 'string' | 'number' | 'keyword';
  readonly text: string;
}

/** Of the languages that people paste most, together: a word of another language is coloured at worst. */
const KEYWORDS = new Set(
  (
    'abstract and as async await begin boolean break case catch char class const continue def default defer del delete do done double elif else end enum ' +
    'esac except export extends extern false fi final finally float fn for foreach from fun func function go if impl implements import in instanceof int ' +
    'interface is lambda let local long loop match mod module mut namespace new nil none not null of or package pass private protected pub public raise ' +
    'readonly ref return self short signed sizeof static string struct super switch template then this throw throws trait true try type typedef typeof ' +
    'undefined union unless until unsafe unsigned use using val var virtual void volatile when where while with yield ' +
    'select insert update into values set table create drop alter join inner outer left right on group order by having limit distinct'
  ).split(' '),
);
/** In these, nothing is a program. */
const PROSE = new Set(['text', 'txt', 'plain', 'plaintext', 'log', 'md', 'markdown', 'csv']);

/**
 * One token at the place where it is tried. None of the parts can be read in two ways, so nothing is looked at again: a quote or a
 * comment that does not end is one up to the end of its line, or of the text.
 */
const TOKEN =
  /(?<comment>\/\/[^\n]*|\/\*[^*]*(?:\*(?!\/)[^*]*)*(?:\*\/)?|<!--[^-]*(?:-(?!->)[^-]*)*(?:-->)?|(?<=^|\s)(?:#|--)(?=\s|!)[^\n]*)|(?<string>"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|`(?:[^`\\]|\\.)*`?)|(?<number>\d[\w.]*)|(?<word>[\p{L}_$][\p{L}\p{N}_$]*)/suy;

/** The tokens of a text in order; joined they are the text. A comment, a string, a number or a keyword of most languages is one here. */
export function codeTokens(code: string, language = ''): readonly CodeToken[] {
  if (PROSE.has(language)) return [{ kind: 'plain', text: code }];
  const tokens: CodeToken[] = [];
  let plainFrom = 0;
  let at = 0;
  while (at < code.length) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(code);
    const text = found?.[0] ?? '';
    const kind = kindOf(found?.groups ?? {});
    if (kind !== 'plain') {
      if (at > plainFrom) tokens.push({ kind: 'plain', text: code.slice(plainFrom, at) });
      tokens.push({ kind, text });
      plainFrom = at + text.length;
    }
    at += Math.max(1, text.length);
  }
  if (plainFrom < code.length) tokens.push({ kind: 'plain', text: code.slice(plainFrom) });
  return tokens;
}

function kindOf({ comment, string, number, word }: Partial<Record<string, string>>): CodeToken['kind'] {
  if (comment !== undefined) return 'comment';
  if (string !== undefined) return 'string';
  if (number !== undefined) return 'number';
  return word !== undefined && KEYWORDS.has(word.toLowerCase()) ? 'keyword' : 'plain';
}
