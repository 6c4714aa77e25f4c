'use client';

import { useEffect } from 'react';

/** Removes what ended rooms left in this tab's storage, once for each page load. Draws nothing. */
export function PurgeOnLoad() {
  useEffect(() => {
    // Checking what is there takes the schemas, which no page has to wait for. If they do not load, the next page purges.
    import('@/page/left-behind').then(
      ({ purgeLeftBehind }) => purgeLeftBehind(),
      () => undefined,
    );
  }, []);
  return null;
}
