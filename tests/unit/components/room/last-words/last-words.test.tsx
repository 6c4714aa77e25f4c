import { NextIntlClientProvider } from 'next-intl';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it, vi } from 'vitest';
import { LastWords } from '@/components/room/last-words/last-words';
import messages from '@/i18n/words/en.json';
import { LOCALE } from '@/i18n/locale';
import { NOW } from '../../../../gallery/moment';
import { roomSession } from '../../../../gallery/session';

vi.mock('next/navigation', () => ({ useRouter: () => ({}) }));

it.each([
  { minutes: 10, secondsLeft: 121, isOffered: false },
  { minutes: 10, secondsLeft: 119, isOffered: true },
  { minutes: 2, secondsLeft: 61, isOffered: false },
  { minutes: 2, secondsLeft: 59, isOffered: true },
])(
  'last words are offered in the last two minutes, or the last half of a shorter room: $minutes minutes, $secondsLeft s left',
  ({ minutes, secondsLeft, isOffered }) => {
    const expiresAt = NOW + secondsLeft * 1_000;
    const session = roomSession({ room: { createdAt: expiresAt - minutes * 60_000, expiresAt } });
    const html = renderToStaticMarkup(
      <NextIntlClientProvider {...{ locale: LOCALE, messages, timeZone: 'UTC' }}>
        <LastWords session={session} onDone={() => undefined} />
      </NextIntlClientProvider>,
    );
    expect(/<button[^>]*>(?:<svg.*?<\/svg>)?Save a copy/.test(html)).toBe(isOffered);
  },
);
