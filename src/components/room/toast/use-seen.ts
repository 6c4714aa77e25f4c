import { useEffect, useState } from 'react';

/** Whether an entry of the talk stands in its visible part. */
function isInSight(key: string): boolean {
  const entry = document.querySelector(`[role="log"] [data-key="${CSS.escape(key)}"]`);
  const shown = entry?.closest('[role="log"]')?.getBoundingClientRect();
  const box = entry?.getBoundingClientRect();
  return shown !== undefined && box !== undefined && box.top < shown.bottom && box.bottom > shown.top;
}

/**
 * How many of these messages, of which the newest has this key, are news: until it was in sight, or the reader wants to hear no
 * more of it. Further ones are news again.
 */
export function useSeen(key: string | null, count: number): { unseen: number; dismiss: () => void } {
  const [seen, setSeen] = useState<{ key: string | null; count: number }>({ key: null, count: 0 });
  // All of them were read, or taken back.
  if (count < seen.count) setSeen({ key: count === 0 ? null : seen.key, count });
  const isNews = key !== null && key !== seen.key && count > seen.count;

  useEffect(() => {
    if (!isNews) return;
    const look = () => {
      if (isInSight(key)) setSeen({ key, count });
    };
    // After the talk has been drawn, and wherever it is scrolled.
    const frame = requestAnimationFrame(look);
    document.addEventListener('scroll', look, { capture: true, passive: true });
    return () => {
      cancelAnimationFrame(frame);
      document.removeEventListener('scroll', look, { capture: true });
    };
  }, [isNews, key, count]);

  return { unseen: isNews ? count - seen.count : 0, dismiss: () => setSeen({ key, count }) };
}
