import { useEffect, useState } from 'react';

/** Long enough to be read, short enough that a second copy says so again. */
const COPIED_SHOWN_MS = 2_000;

export type CopyState = 'idle' | 'copied' | 'failed';

/** Puts a text on the clipboard. Browsers give the clipboard to secure pages only, so it can fail: then the text must be shown. */
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

/** Async, so that a page whose `navigator` has no clipboard at all fails like one whose clipboard refuses. */
async function write(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
}
