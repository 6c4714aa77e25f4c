import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { talkFile, talkFileName, type SavedLine } from '@/components/room/last-words/talk-file';
import { safeHtml } from '@/lib/html';

const said = (text: string | null, rest: Partial<Extract<SavedLine, { kind: 'message' }>> = {}): SavedLine => ({
  kind: 'message',
  name: 'Ann',
  time: '12:01',
  text,
  reactions: [],
  ...rest,
});
const fileOf = (...lines: SavedLine[]) =>
  talkFile({ language: 'en', direction: 'ltr', title: 'Azure Lodge', about: ['Saved today'], lines });

/** The tags of a file, without their attributes' values. */
const tagsOf = (file: string) => [...file.matchAll(/<(\/?[a-z0-9]+|!doctype)\b/gi)].map(([, name]) => String(name));
const EMPTY = tagsOf(fileOf(said('x')));

describe('a file of the talk', () => {
  it('has names, times, edits, answers and reactions as they are shown', () => {
    const file = fileOf(
      { kind: 'notice', time: '12:00', text: 'Ann joined' },
      said('hello **there**', { re: 'Reply to Bo: hi', edited: 'edited', reactions: ['👍 2', '🎉 1'] }),
      said(null, { note: 'This message could not be opened.' }),
    );
    for (const part of [
      'Ann joined <time>12:00</time>',
      '<bdi>Ann</bdi>',
      '<time>12:01</time>',
      'hello <b>there</b>',
      '>edited<',
      '👍 2 · 🎉 1',
      'Reply to Bo: hi',
      'could not be opened',
      'Saved today',
    ])
      expect(file).toContain(part);
  });

  it('draws what was set: code, quotes, lists and links', () => {
    const file = fileOf(said('> a `b`\n- c\n3. d\n```\n<e>\n```\nhttps://example.com/?f="g"'));
    for (const part of [
      '<blockquote dir="auto">a <code dir="ltr">b</code>\n</blockquote>',
      '<ul dir="auto"><li>c\n</li></ul>',
      '<li value="3">d\n</li>',
      '<pre dir="ltr"><code>&lt;e&gt;</code></pre>',
      '<a href="https://example.com/?f=" rel="noopener noreferrer" dir="ltr">',
    ])
      expect(file).toContain(part);
  });

  it('says that nothing in it is fetched or run', () => {
    const file = fileOf();
    expect(file).toContain(
      'http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;"',
    );
    expect(tagsOf(file)).not.toContain('script');
  });

  it('has no element that somebody wrote, wherever they wrote it', () => {
    const hostile = fc
      .array(
        fc.oneof(
          fc.constantFrom(
            '<script>',
            '</li>',
            '<img src=x onerror=alert(1)>',
            '"',
            "'",
            '&',
            '&lt;',
            '>',
            '<!--',
            ']]>',
            '</style>',
          ),
          fc.string({ unit: 'grapheme' }),
        ),
      )
      .map((parts) => parts.join('').replace(/[*_~`@>-]|\d+\.|https?:/g, ''));
    fc.assert(
      fc.property(hostile, hostile, hostile, (text, name, title) => {
        const file = talkFile({
          language: 'en',
          direction: 'rtl',
          title,
          about: [text],
          lines: [said(`x${text.replaceAll('\n', ' ')}`, { name, time: text })],
        });
        expect(tagsOf(file)).toEqual(EMPTY);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is named after the day and nothing else', () => {
    expect(talkFileName(new Date(2026, 10, 2, 23, 59))).toBe('mayfly-2026-11-02.html');
  });
});

it('a template takes nothing for HTML but what it made itself', () => {
  const inside = safeHtml`<b>${1}</b>`;
  expect(safeHtml`<i title="${'"<'}">${['<b>', inside, null, false]}</i>`.text).toBe(
    '<i title="&quot;&lt;">&lt;b&gt;<b>1</b></i>',
  );
});
