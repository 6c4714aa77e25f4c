import { NextIntlClientProvider } from 'next-intl';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { QuotedMessage } from '@/components/room/transcript/quoted-message';
import { ReactionChips } from '@/components/room/transcript/reaction-chips';
import { memberIdSchema } from '@/domain/room';
import messages from '@/i18n/en.json';
import { LOCALE } from '@/i18n/locale';
import type { Quote } from '@/session/messages/transcript';

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
    ['of a newer page as such', { state: 'newer', text: null }, ['This message needs a newer page.']],
  ])('is shown %s', (_how, details, words) => {
    const html = render(<QuotedMessage quote={{ ...quote, ...details }} />);
    for (const word of words) expect(html).toContain(word);
  });
});

it('reactions are read out as a number of people, and say whether one is among them', () => {
  const html = render(
    <ReactionChips
      reactions={[
        { emoji: '👍', count: 2, mine: true },
        { emoji: '🎉', count: 1, mine: false },
      ]}
    />,
  );
  expect(html).toContain('👍, 2 people, you among them');
  expect(html).toContain('🎉, 1 person<');
});
