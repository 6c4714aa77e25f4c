import { useEffect, useState } from 'react';

/** Long enough to be read, short enough that copying again is confirmed again. */
const COPIED_SHOWN_MS = 2_000;

export type CopyState = 'idle' | 'copied' | 'failed';

/** Copies a text to the clipboard. Browsers only offer the clipboard to secure pages, so it can fail; then the text must be shown. */
export function useCopy(text: string): { state: CopyState; copy: () => void; forget: () => void } {
  const [state, setState] = useState<CopyState>('idle');

  useEffect(() => {
    if (state !== 'copied') return;
    const timer = setTimeout(() => setState('idle'), COPIED_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [state]);

  function copy() {
    write(text).then(
      () => setState('copied'),
      () => setState('failed'),
    );
  }
  return { state, copy, forget: () => setState('idle') };
}

/** Async, so a page whose `navigator` has no clipboard fails in the same way as one whose clipboard refuses. */
async function write(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
}
