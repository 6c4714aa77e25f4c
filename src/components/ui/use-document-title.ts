'use client';

import { useLayoutEffect } from 'react';

/**
 * Gives the page a title while it is shown. A second `<title>` beside the route's own would be ignored, so the route's is written
 * over; the next route brings another one.
 */
export function useDocumentTitle(title: string): void {
  useLayoutEffect(() => {
    document.title = title;
  }, [title]);
}
