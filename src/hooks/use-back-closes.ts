import { useEffect, useEffectEvent } from 'react';
import { openSheet } from '@/page/sheet-entries';

/** Where fingers point: nobody expects it of the Back button of a desktop. */
const TOUCH = '(pointer: coarse)';

/** While it is open, the browser's Back closes it and leaves the page only after that. */
export function useBackCloses(open: boolean, close: () => void): void {
  const closeNow = useEffectEvent(close);
  useEffect(() => (open && matchMedia(TOUCH).matches ? openSheet(() => closeNow()) : undefined), [open]);
}
