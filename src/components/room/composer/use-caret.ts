import { useEffect, useState, type RefObject } from 'react';

/** Not every browser reports in the document where the cursor of a field goes. */
const MOVES = ['keyup', 'pointerup', 'focus', 'blur', 'select', 'selectionchange'] as const;

/** Where the cursor of a field stands; null while something is selected, or the field does not have the focus. */
export function useCaret(field: RefObject<HTMLTextAreaElement | null>): readonly [number | null, () => void] {
  const [caret, setCaret] = useState<number | null>(null);
  const look = () => setCaret(caretIn(field.current));
  useEffect(() => {
    const element = field.current;
    const lookThere = () => setCaret(caretIn(element));
    document.addEventListener('selectionchange', lookThere);
    // Behind React's own listener: before it, drawing anything would put the draft of one letter ago back into the field.
    window.addEventListener('input', lookThere);
    for (const move of MOVES) element?.addEventListener(move, lookThere);
    lookThere();
    return () => {
      document.removeEventListener('selectionchange', lookThere);
      window.removeEventListener('input', lookThere);
      for (const move of MOVES) element?.removeEventListener(move, lookThere);
    };
  }, [field]);
  return [caret, look];
}

function caretIn(element: HTMLTextAreaElement | null): number | null {
  if (element === null || document.activeElement !== element) return null;
  return element.selectionStart === element.selectionEnd ? element.selectionStart : null;
}
