import { Html, safeHtml } from '@/lib/html';
import { parseMarkup, type Block } from '@/lib/markup';
import type { Inline, Piece } from '@/lib/markup-inline';

/** A line of the talk as it is saved, in the words that stand on the screen. */
export type SavedLine =
  | { readonly kind: 'notice'; readonly time: string; readonly text: string }
  | {
      readonly kind: 'message';
      readonly name: string;
      readonly time: string;
      /** Null: it cannot be shown, and `note` says why. */
      readonly text: string | null;
      readonly note?: string | undefined;
      /** The message that it answers, in a sentence. */
      readonly re?: string | undefined;
      /** Names the file that it came with, which is not in this one. */
      readonly file?: string | undefined;
      readonly edited?: string | undefined;
      readonly reactions: readonly string[];
    };

export interface SavedTalk {
  readonly language: string;
  readonly direction: 'ltr' | 'rtl';
  readonly title: string;
  /** When it was saved, and that it is a part where it is one. */
  readonly about: readonly string[];
  readonly lines: readonly SavedLine[];
}

/** Nothing in the file is fetched or run, whatever somebody wrote. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";
const STYLE = new Html(
  ':root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}h1{font-size:1.5rem;line-height:1.25}' +
    'li{margin-block:.75rem}ol{list-style:none;padding:0}ol ol,ul{list-style:revert;padding-inline-start:2rem}li li{margin:0}' +
    'p{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}time,small,.re{opacity:.7;font-size:.85em}.notice{text-align:center;font-size:.85em}' +
    'blockquote{margin:.25rem 0;padding-inline-start:.75rem;border-inline-start:2px solid;white-space:pre-wrap}pre{white-space:pre-wrap;overflow-wrap:anywhere;padding:.5rem .75rem;border:1px solid;border-radius:.5rem}',
);

/** The talk as a page of its own. */
export function talkFile({ language, direction, title, about, lines }: SavedTalk): string {
  return safeHtml`<!doctype html>
<html lang="${language}" dir="${direction}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${title}</h1>
${about.map((sentence) => safeHtml`<p>${sentence}</p>\n`)}<ol>
${lines.map(lineOf)}</ol>
</body>
</html>
`.text;
}

/** Says when it was saved, and nothing of which room it was. */
export function talkFileName(now: Date): string {
  const [year, month, day] = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) =>
    String(part).padStart(2, '0'),
  );
  return `mayfly-${year}-${month}-${day}.html`;
}

function lineOf(line: SavedLine): Html {
  if (line.kind === 'notice') return safeHtml`<li class="notice">${line.text} <time>${line.time}</time></li>\n`;
  const { name, time, text, note = '', re, file, edited, reactions } = line;
  return safeHtml`<li><strong><bdi>${name}</bdi></strong> <time>${time}</time>${[
    re !== undefined && safeHtml`<p class="re" dir="auto">${re}</p>`,
    file !== undefined && safeHtml`<p dir="auto"><em>${file}</em></p>`,
    text === null ? safeHtml`<p><em>${note}</em></p>` : parseMarkup(text).map(blockOf),
    edited !== undefined && safeHtml`<small>${edited}</small>`,
    reactions.length > 0 && safeHtml`<p><small>${reactions.join(' · ')}</small></p>`,
  ]}</li>\n`;
}

function blockOf(block: Block): Html {
  if ('code' in block) return safeHtml`<pre dir="ltr"><code>${block.code}</code></pre>`;
  const lines = block.lines.map(({ parts }) => parts.map(inlineOf));
  const items = block.lines.map(
    ({ parts, value }) =>
      safeHtml`<li${value !== undefined && safeHtml` value="${value}"`}>${parts.map(inlineOf)}</li>`,
  );
  switch (block.kind) {
    case 'paragraph':
      return safeHtml`<p dir="auto">${lines}</p>`;
    case 'quote':
      return safeHtml`<blockquote dir="auto">${lines}</blockquote>`;
    case 'bullets':
      return safeHtml`<ul dir="auto">${items}</ul>`;
    case 'numbers':
      return safeHtml`<ol dir="auto">${items}</ol>`;
  }
}

function inlineOf(part: Inline): Html | string {
  return typeof part === 'string' ? part : part.kind === 'mark' ? '' : pieceOf(part);
}

function pieceOf({ kind, parts }: Piece): Html {
  const inside = parts.map(inlineOf);
  switch (kind) {
    case 'bold':
    case 'mention':
      return safeHtml`<b>${inside}</b>`;
    case 'italic':
      return safeHtml`<i>${inside}</i>`;
    case 'strike':
      return safeHtml`<del>${inside}</del>`;
    case 'code':
      return safeHtml`<code dir="ltr">${inside}</code>`;
    case 'link':
      return safeHtml`<a href="${inside}" rel="noopener noreferrer" dir="ltr">${inside}</a>`;
  }
}
