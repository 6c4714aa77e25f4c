import { NextIntlClientProvider } from 'next-intl';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { QuotedMessage } from '@/components/room/transcript/quoted-message';
import { ReactionChips } from '@/components/room/transcript/reaction-chips';
import { fileIdSchema } from '@/domain/file';
import { messageIdSchema } from '@/domain/message';
import { memberIdSchema } from '@/domain/room';
import messages from '@/i18n/words/en.json';
import { LOCALE } from '@/i18n/locale';
import type { SharedFile } from '@/session/files/shared-file';
import type { ReactionCount } from '@/session/messages/talk/reactions';
import type { Quote, Reactor } from '@/session/messages/transcript';

const render = (element: React.ReactNode) =>
  renderToStaticMarkup(
    <NextIntlClientProvider {...{ locale: LOCALE, messages, timeZone: 'UTC' }}>{element}</NextIntlClientProvider>,
  );

const quote: Quote = {
  key: 'message-1',
  memberId: memberIdSchema.parse('Abcd123456789012'),
  self: false,
  name: 'Ann',
  tint: 3,
  state: 'said',
  text: 'Hello',
};

function fileOf(details: Partial<SharedFile>): SharedFile {
  const fileId = fileIdSchema.parse('Ff0Bb1Cc2Dd3Ee4Ff5Gg6H');
  const card = { fileId, name: 'a', type: '', bytes: 1, pieces: 1 };
  return { fileId, name: 'a', type: '', size: 1, card, ...details };
}

describe('a quoted message', () => {
  it.each<[string, Partial<Quote>, string[]]>([
    ['with its author and text', {}, ['Reply to \u2068Ann\u2069: ', 'Hello']],
    ['of one’s own as such', { self: true }, ['Reply to You: ', 'Hello']],
    ['that was taken back as such', { state: 'taken-back', text: null }, ['A message that was taken back']],
    [
      'that is not loaded as such',
      { state: 'not-loaded', text: null, memberId: undefined, name: null },
      ['Reply: ', 'An earlier message'],
    ],
    ['that cannot be opened as such', { state: 'unopened', text: null }, ['This message could not be opened.']],
    ['with a picture as such', { text: 'a.png', file: fileOf({ type: 'image/png' }) }, ['Picture']],
    [
      'with a voice as that, with its length',
      { text: 'v.webm', file: fileOf({ voice: { ms: 12_400, wave: 'A' } }) },
      ['Voice message, 0:12'],
    ],
    ['with another file by its name', { text: 'plan.pdf', file: fileOf({ name: 'plan.pdf' }) }, ['plan.pdf']],
    ['of a newer page as such', { state: 'newer', text: null }, ['This message needs a newer page.']],
  ])('is shown %s', (_how, details, words) => {
    const html = render(<QuotedMessage onGo={() => undefined} quote={{ ...quote, ...details }} />);
    for (const word of words) expect(html).toContain(word);
  });
});

const chipsOf = (reactions: readonly ReactionCount<Reactor>[], moreReactions?: number) => (
  <ReactionChips
    message={{
      id: messageIdSchema.parse('message-one'),
      memberId: memberIdSchema.parse('Abcd123456789012'),
      self: false,
      reactions,
      ...(moreReactions !== undefined && { moreReactions }),
    }}
    session={{ react: () => true, unreact: () => undefined }}
  />
);

it('reactions are read out as a number of people, and say whether one is among them', () => {
  const html = render(
    chipsOf([
      { emoji: '👍', count: 2, mine: true, by: [] },
      { emoji: '🎉', count: 1, mine: false, by: [] },
    ]),
  );
  expect(html).toContain('👍, 2 people, you among them');
  expect(html).toContain('🎉, 1 person<');
});

describe('of many reactions', () => {
  const emojiOf = (index: number) => String.fromCodePoint(0x1f400 + index);
  const chip = (index: number, change: Partial<ReactionCount<Reactor>> = {}): ReactionCount<Reactor> => ({
    emoji: emojiOf(index),
    count: 1,
    mine: false,
    by: [],
    ...change,
  });
  const shownOf = (reactions: readonly ReactionCount<Reactor>[], more?: number) =>
    [
      ...render(chipsOf(reactions, more)).matchAll(
        /aria-hidden="true"[^>]*>(?:<span class="[^"]*font-emoji">(.*?)<\/span>)?([^<]*)<\/span>/gu,
      ),
    ].map(([, emoji = '', rest = '']) => emoji + rest);

  it('all that are given are shown, in their order, and the others as a number', () => {
    const reactions = Array.from({ length: 20 }, (_, index) => chip(index, { count: index + 1 }));
    const twenty = reactions.map(({ emoji, count }) => `${emoji} ${count}`);
    expect(shownOf(reactions)).toEqual(twenty);
    expect(shownOf(reactions, 430)).toEqual([...twenty, '+430']);
    expect(render(chipsOf(reactions, 430))).toContain('and 430 more');
  });

  it('each is one line high, and what is stacked upon a letter is cut off there', () => {
    const html = render(chipsOf([chip(0, { emoji: `a${'\u0301'.repeat(31)}` })]));
    expect(html).toMatch(/<span aria-hidden="true" class="h-6.5 overflow-hidden [^"]*whitespace-nowrap/);
  });
});
