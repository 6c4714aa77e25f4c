/**
 * Finds phrases that we do not want to fall back into, in comments, test titles and documents, and fails if there are any.
 * `node scripts/phrases.mjs` prints each with its place and with what to write instead; given files, it reads only those;
 * with `--counts`, it prints how often each phrase occurs. Words between backticks and in blocks of code are quoted, not
 * used, and are skipped.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { isProgram, ROOT, runMain } from './project.mjs';

/**
 * Each phrase has a name, a pattern, what to write instead, and one example that the pattern must find. A pattern is worth
 * having only while it rarely finds good English. Anything that needs judgement belongs in a review.
 * @typedef {{ name: string, pattern: RegExp, instead: string, example: string }} Phrase
 */

/** A clause begins at the very start of a text, or after a mark that ends the clause before it. */
const CLAUSE = String.raw`(?:^|[.;:!?)] )`;
/** Up to the end of the sentence there is no question mark. */
const NO_QUESTION = String.raw`(?![^.!?]*\?)`;

/** @type {readonly Phrase[]} */
export const PHRASES = [
  {
    name: 'a clause that begins with a free "who"',
    pattern: new RegExp(`${CLAUSE}Who(?:m|se)?\\b(?! is here)${NO_QUESTION}`, 'g'),
    instead: 'name them: "a member who", "anyone who"',
    example: 'Who leaves and comes back gets no fresh share.',
  },
  {
    name: 'a free "who" after a preposition',
    pattern: /\b(?:(?:to|for|than|from|with|by|at) who|(?:to|for|than|from|with|by|of) one who)\b(?! is\b)/g,
    instead: '"to anyone who", "for a member who"',
    example: 'The seat goes to who asks.',
  },
  {
    name: 'a clause that begins with a free "what" and its verb',
    pattern: new RegExp(
      `${CLAUSE}What (?:is|are|was|were|has|had|can|cannot|does|did|came|comes|goes|stays|lies|stands)\\b${NO_QUESTION}`,
      'g',
    ),
    instead: 'name the thing: "A lost publication", "Stored messages"',
    example: 'What is published names the event before it.',
  },
  {
    name: 'whom',
    pattern: /\bwhom\b/gi,
    instead: '"who", or name them',
    example: 'members of whom Redis was not told',
  },
  {
    name: 'tell',
    pattern:
      /(?<!\b(?:can|can['’]t|cannot|could) )\b(?:tell|tells|telling|told)\b(?!(?: \w+){0,3} (?:apart|from)\b| the truth\b)/gi,
    instead: '"report", "publish", "say" or "show"; "unless given" for "unless told"',
    example: 'what it learns is told to the answer',
  },
  {
    name: 'nobody’s',
    pattern: /\bnobody['’]s\b/g,
    instead: 'say what happens: "is dropped", "is ignored"',
    example: 'an answer that is late, and nobody’s',
  },
  {
    name: 'as it happens',
    pattern: /\bas it happens\b/g,
    instead: 'leave it out',
    example: 'and goes, as it happens, unseen',
  },
  {
    name: 'put out',
    pattern: /\bput(?:s|ting)?(?: \w+)? out\b/g,
    instead: '"remove"',
    example: 'the owner may put somebody out',
  },
  { name: 'anew, afresh', pattern: /\b(?:anew|afresh)\b/g, instead: '"again"', example: 'it is opened anew' },
  {
    name: 'is none',
    pattern: /(?<![Tt]here )\b(?:is|are|was|were) none\b/g,
    instead: '"is not a …", "is missing"',
    example: 'null when it is none of ours',
  },
  {
    name: 'let go',
    pattern: /\b(?:is|are|was|were|be) let go\b/g,
    instead: '"is dropped", "is closed"',
    example: 'a slow reader is let go',
  },
  {
    name: 'in the open',
    pattern: /\bin the open\b/g,
    instead: '"plain", "unsealed": *open* is for making rooms',
    example: 'no text is sent in the open',
  },
  {
    name: 'an open room',
    pattern: /\b(?:an|in|of|for|from|the|both) open (?:room|one)s?\b/g,
    instead: '"a plain room"',
    example: 'fits a sealed room, fits an open one',
  },
  {
    name: 'members who are gone',
    pattern: /\b(?:who|members?|listeners?|readers?|holders?) (?:is|are|was|were|has|have) gone\b/g,
    instead: '"left" or "is away": a room is gone',
    example: 'tells the process who is gone',
  },
  {
    name: 'without a word',
    pattern: /\bwithout a word\b/g,
    instead: '"silently"',
    example: 'a line that died without a word',
  },
  {
    name: 'so many',
    pattern: /\bso many\b(?! (?:\w+ )?that\b)/g,
    instead: '"this many", or name the number',
    example: 'Takes so many of the bytes that wait.',
  },
  {
    name: 'a comment that begins with "Answers whether"',
    pattern: /^Answers (?:how|if|what|whether)\b/g,
    instead: '"Returns whether"',
    example: 'Answers whether the next one may go.',
  },
  {
    name: 'a comment that begins with a free "That"',
    pattern: /^That (?:all|an?|both|each|every|exactly|nobody|nothing|the)\b/g,
    instead: '"Checks that"',
    example: 'That each key ends with its room.',
  },
];

/** Folders with prose. The words on the screen have a catalogue and rules of their own. */
const FOLDERS = ['src', 'tests', 'scripts', 'docs'];
const CODE = /\.(?:ts|tsx|mts|mjs)$/;
const DOCUMENT = /\.md$/;

/**
 * A passage of prose that begins at `start` of its file. Everything in it that is not prose is blanked out, so that every
 * character keeps its place.
 * @typedef {{ start: number, text: string }} Prose
 */

/** @param {string} text */
const blank = (text) => ' '.repeat(text.length);

/** Blanks out words between backticks, which are quoted. @param {string} text */
const unquoted = (text) => text.replaceAll(/`[^`]*`/g, blank);

/** Stands between the passages of a document, for a block of code, the mark of a heading, item or quotation, or the edge of a cell. */
const EDGE = '\0';
const BLOCKS = /^```[^]*?^```/gm;
const MARKS = /^[ \t]*(?:#+|[-*>]|\d+\.)[ \t]|\|/gm;
/** @param {string} text */
const edge = (text) => EDGE.repeat(text.length);

/** @param {string} text @returns {Prose[]} paragraphs, items and cells, without code */
export function proseOfDocument(text) {
  const prose = unquoted(text.replaceAll(BLOCKS, edge)).replaceAll(MARKS, edge).replaceAll('**', blank);
  return [...prose.matchAll(/(?:(?!\n[ \t]*\n)[^\0])+/g)]
    .filter(([passage]) => /\w/.test(passage))
    .map(({ 0: passage, index }) => ({ start: index, text: passage }));
}

const TEST_FUNCTIONS = /^(?:it|test|describe|describeOnEveryStorage)\b/;
const LUA_COMMENT = /^(\s*--)(.*)$/gm;

/**
 * Comments, including those of Lua in template strings, and the titles of tests.
 * @param {string} file its name says whether it may hold JSX, which reads `<T>(…) => …` differently
 * @param {string} text
 * @returns {Prose[]}
 */
export function proseOfCode(file, text) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  /** @type {Prose[]} */
  const prose = [];
  /** @type {[start: number, end: number][]} */
  const literals = [];

  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isCallExpression(node) && TEST_FUNCTIONS.test(node.expression.getText(source))) {
      const [title] = node.arguments;
      if (title && ts.isStringLiteralLike(title))
        prose.push({ start: title.getStart(source) + 1, text: unquoted(title.getText(source).slice(1, -1)) });
    }
    if (isTemplate(node)) {
      for (const { 0: line, 1: dashes = '', index } of node.getText(source).matchAll(LUA_COMMENT)) {
        prose.push({ start: node.getStart(source) + index, text: unquoted(blank(dashes) + line.slice(dashes.length)) });
      }
    }
    if (ts.isJsxText(node)) literals.push([node.pos, node.end]);
    else if (isTemplate(node) || ts.isStringLiteral(node) || ts.isRegularExpressionLiteral(node))
      literals.push([node.getStart(source), node.end]);
    ts.forEachChild(node, visit);
  };
  visit(source);

  return [
    ...prose,
    ...joined(text, commentsOf(text, literals)).map(([start, end]) => ({
      start,
      text: unquoted(undecorated(text.slice(start, end))),
    })),
  ].sort((one, other) => one.start - other.start);
}

/** @param {ts.Node} node */
const isTemplate = ({ kind }) =>
  kind === ts.SyntaxKind.NoSubstitutionTemplateLiteral ||
  kind === ts.SyntaxKind.TemplateHead ||
  kind === ts.SyntaxKind.TemplateMiddle ||
  kind === ts.SyntaxKind.TemplateTail;

/**
 * Outside of literals, two slashes or a slash and a star always begin a comment.
 * @param {string} text
 * @param {readonly [start: number, end: number][]} literals in the order of the text
 * @returns {[start: number, end: number][]}
 */
function commentsOf(text, literals) {
  /** @type {[start: number, end: number][]} */
  const comments = [];
  const comment = /\/\/.*|\/\*[^]*?\*\//g;
  let next = 0;
  for (let found = comment.exec(text); found; found = comment.exec(text)) {
    const { index } = found;
    while (next < literals.length && (literals[next]?.[1] ?? 0) <= index) next += 1;
    const [start, end] = literals[next] ?? [Infinity, Infinity];
    if (start <= index) comment.lastIndex = end;
    else comments.push([index, comment.lastIndex]);
  }
  return comments;
}

/** Joins line comments on consecutive lines into one text. @param {string} text @param {[start: number, end: number][]} comments */
function joined(text, comments) {
  /** @type {[start: number, end: number][]} */
  const ranges = [];
  for (const [start, end] of comments) {
    const last = ranges.at(-1);
    if (
      last &&
      text.startsWith('//', last[0]) &&
      text.startsWith('//', start) &&
      /^\r?\n[ \t]*$/.test(text.slice(last[1], start))
    )
      last[1] = end;
    else ranges.push([start, end]);
  }
  return ranges;
}

/** @param {string} comment */
const undecorated = (comment) => comment.replaceAll(/^\s*(?:\/\*\*?|\*\/|\*|\/\/)|\*\/$/gm, blank);

/**
 * The words of a passage with one space between them, and the place of each character in the file.
 * @param {Prose} prose
 */
function wordsOf({ start, text }) {
  let words = '';
  /** @type {number[]} */
  const places = [];
  for (const { 0: word, index } of text.matchAll(/\S+/g)) {
    const spaced = words === '' ? word : ` ${word}`;
    for (let at = word.length - spaced.length; at < word.length; at += 1) places.push(start + index + at);
    words += spaced;
  }
  return { words, places };
}

/** @typedef {{ file: string, line: number, phrase: Phrase, words: string }} Hit */

/** @param {string} file @param {string} text @returns {Hit[]} in the order of the file */
export function findPhrases(file, text) {
  /** @type {Hit[]} */
  const hits = [];
  for (const prose of DOCUMENT.test(file) ? proseOfDocument(text) : proseOfCode(file, text)) {
    const { words, places } = wordsOf(prose);
    for (const phrase of PHRASES) {
      for (const { 0: found, index } of words.matchAll(phrase.pattern)) {
        // A clause is found together with the mark that ends the one before it.
        const begins = found.search(/\w/);
        hits.push({
          file,
          line: text.slice(0, places[index + begins]).split('\n').length,
          phrase,
          words: found.slice(begins),
        });
      }
    }
  }
  return hits.sort((one, other) => one.line - other.line);
}

function filesWithProse() {
  const below = FOLDERS.flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => path.join(folder, file)),
  );
  return [...readdirSync(ROOT), ...below].filter((file) => CODE.test(file) || DOCUMENT.test(file)).sort();
}

/** @param {Hit} hit */
export const describeHit = ({ file, line, phrase, words }) =>
  `${file}:${line}: "${words}" (${phrase.name}). Instead: ${phrase.instead}.`;

/** @param {readonly Hit[]} hits */
function printCounts(hits) {
  for (const phrase of PHRASES) {
    const count = hits.filter((hit) => hit.phrase === phrase).length;
    if (count > 0) console.log(`${String(count).padStart(5)}  ${phrase.name}`);
  }
}

if (isProgram(import.meta.url)) {
  await runMain(() => {
    const args = process.argv.slice(2);
    const named = args.filter((arg) => !arg.startsWith('--'));
    const files = named.length > 0 ? named : filesWithProse();
    const hits = files.flatMap((file) => findPhrases(file, readFileSync(path.resolve(ROOT, file), 'utf8')));
    if (args.includes('--counts')) printCounts(hits);
    else for (const hit of hits) console.error(describeHit(hit));
    if (hits.length > 0) console.error(`Phrases to rewrite: ${hits.length}. CONTRIBUTING.md has the glossary.`);
    return Promise.resolve(hits.length > 0 ? 1 : 0);
  });
}
