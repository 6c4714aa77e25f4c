import { useEffect, useState, type RefObject } from 'react';

/** Blocks this far above and below the visible part are drawn too, so that scrolling finds them ready. */
const MARGIN_PIXELS = 1_500;

/** Whether leaving the block out would take away what somebody is using: the focus, a part of the selection, or what they listen to. */
function isInUse(block: Element): boolean {
  const selection = document.getSelection();
  return (
    block.contains(document.activeElement) ||
    Array.from(block.querySelectorAll<HTMLMediaElement>('audio, video')).some(({ paused }) => !paused) ||
    (selection !== null && !selection.isCollapsed && selection.containsNode(block, true))
  );
}

/**
 * The height in pixels of a block that is far out of sight, at which its place is kept while it is not drawn; null while it
 * is drawn. A block is drawn first, as its height is not known before. `isWanted`: the reader is about to come to it.
 */
export function useHeightOutOfSight(block: RefObject<HTMLElement | null>, isWanted: boolean): number | null {
  const [height, setHeight] = useState<number | null>(null);
  if (isWanted && height !== null) setHeight(null);
  useEffect(() => {
    const element = block.current;
    const scroller = element?.closest('[role="log"]');
    if (element === null || scroller === null || scroller === undefined) return;
    const observer = new IntersectionObserver(
      (changes) => {
        const change = changes.at(-1);
        if (change === undefined) return;
        if (change.isIntersecting) setHeight(null);
        else if (!isInUse(element)) setHeight((kept) => kept ?? change.boundingClientRect.height);
      },
      { root: scroller, rootMargin: `${MARGIN_PIXELS}px 0px` },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [block]);
  return isWanted ? null : height;
}
