import { createTranslator } from 'next-intl';
import { expect, it } from 'vitest';
import { ROOM_REASONS } from '@/domain/errors';
import messages from '@/i18n/words/en.json';
import { LOCALE } from '@/i18n/locale';

it('has a sentence for every reason of the server and of the browser', () => {
  const reasons = [...ROOM_REASONS, 'offline', 'unreachable', 'insecure_context'];
  expect(Object.keys(messages.failure).sort()).toEqual([...reasons, 'title'].sort());
});

it.each([
  [0, 'That was a lot at once. Try again in a moment.'],
  [1, 'That was a lot at once. Try again in 1 second.'],
  [1_200, 'That was a lot at once. Try again in 1,200 seconds.'],
])('says how long to wait (%i seconds)', (seconds, sentence) => {
  const t = createTranslator({ locale: LOCALE, messages, namespace: 'failure' });
  expect(t('rate_limited', { seconds })).toBe(sentence);
});

it.each([
  [1, 1, '1 minute, 1 seat'],
  [60, 1_000, '60 minutes, 1,000 seats'],
])('counts minutes and seats in the plural that they need (%i, %i)', (minutes, seats, sentence) => {
  const t = createTranslator({ locale: LOCALE, messages, namespace: 'front' });
  expect(t('optionsSummary', { minutes, seats })).toBe(sentence);
});
