'use client';

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';

/** One cache for each page load. It stands around every page, so what ended rooms left in storage goes here. */
export function QueryProvider({ children }: { children: ReactNode }) {
  const [client] = useState(
    () =>
      new QueryClient({
        defaultOptions: {
          // A laptop without a network still reaches a server of its own.
          queries: { networkMode: 'always', retry: false },
          mutations: { networkMode: 'always', retry: false },
        },
      }),
  );
  useEffect(() => {
    // Checking what is there takes the schemas, which no page has to wait for. Should they not come, the next load purges.
    import('@/page/left-behind').then(
      ({ purgeLeftBehind }) => purgeLeftBehind(),
      () => undefined,
    );
  }, []);
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}
