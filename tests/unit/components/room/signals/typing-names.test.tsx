import { NextIntlClientProvider } from 'next-intl';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { TypingNames } from '@/components/room/signals/typing-names';
import messages from '@/i18n/words/en.json';
import { LOCALE } from '@/i18n/locale';
import { person, you } from '../../../../gallery/people';
import { roomSession } from '../../../../gallery/session';

const crowd = ['Ann', 'Bob', 'Cleo', 'Dan'].map((name) => person(name));

it.each([
  [1, 'Ann is typing'],
  [3, 'Ann, Bob, and Cleo are typing'],
  [4, 'Several people are typing'],
])('up to three people who type are named: %i', (count, sentence) => {
  const session = roomSession({ people: [you, ...crowd], typing: crowd.slice(0, count) });
  const html = renderToStaticMarkup(
    <NextIntlClientProvider {...{ locale: LOCALE, messages, timeZone: 'UTC' }}>
      <TypingNames session={session} />
    </NextIntlClientProvider>,
  );
  expect(html.replace(/<[^>]*>|[\u2068\u2069]/g, '')).toBe(sentence);
});
