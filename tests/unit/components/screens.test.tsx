import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { NextIntlClientProvider } from 'next-intl';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it, vi } from 'vitest';
import { Transcript } from '@/components/room/transcript';
import messages from '@/i18n/en.json';
import { LOCALE } from '@/i18n/locale';
import { createStore } from '@/hooks/store';
import type { RoomSession } from '@/hooks/room-session';

vi.mock('next/navigation', () => ({ useRouter: () => ({}) }));

const render = (element: React.ReactNode) =>
  renderToStaticMarkup(
    <QueryClientProvider client={new QueryClient()}>
      <NextIntlClientProvider {...{ locale: LOCALE, messages, timeZone: 'UTC' }}>{element}</NextIntlClientProvider>
    </QueryClientProvider>,
  );

it('the log reads out what comes, and not what is called otherwise since', () => {
  const session = { transcript: createStore({ state: 'loading', entries: [] }) } as unknown as RoomSession;
  expect(render(<Transcript session={session} onDone={() => undefined} />)).toMatch(/role="log" aria-relevant="additions"/);
});
