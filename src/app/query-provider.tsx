'use client';

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';

/** One cache for each page load. It surrounds every page, so it also purges whatever ended rooms left in storage. */
export function QueryProvider({ children }: { children: ReactNode }) {
  const [client] = useState(
    () =>
      new QueryClient({
        defaultOptions: {
          // A laptop without a network still reaches a server that runs on it.
          queries: { networkMode: 'always', retry: false },
          mutations: { networkMode: 'always', retry: false },
        },
      }),
  );
  useEffect(() => {
    // Checking the storage needs the schemas, and no page should wait for those. If they fail to load, the next page purges.
    import('@/page/left-behind').then(
      ({ purgeLeftBehind }) => purgeLeftBehind(),
      () => undefined,
    );
  }, []);
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}
