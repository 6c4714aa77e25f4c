import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import type { TranscriptEntry } from '@/session/messages/transcript';
import { keyOf } from './arrange-entries';
import { arrivedSince, newestKeys } from './arrived';

/** Within this many pixels of the end, a reader is at the end. */
const END_PIXELS = 48;
/** Earlier messages are requested this long before a reader gets to the first one. */
const START_PIXELS = 1_000;

interface Place {
  scroller: RefObject<HTMLDivElement | null>;
  /** Its children are the blocks, in order; theirs are lists of entries. */
  content: RefObject<HTMLDivElement | null>;
  /** Null while the end is in sight, else how many messages from others have arrived since it was. */
  missed: number | null;
  onScroll: () => void;
  toEnd: () => void;
}

/** Something on the screen, and how far below the top of the visible part it stands. */
interface Anchor {
  element: Element;
  top: number;
}

/** Earlier messages may join the first block, which is then drawn as another one: the blocks behind it stay. */
const ANCHORED_BLOCKS = 3;

/** Where the first of these elements, which stand one below the other, is that ends below `top`. A binary search: there may be hundreds. */
function firstBelow(elements: HTMLCollection, top: number): number {
  let [low, high] = [0, elements.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const bottom = elements[middle]?.getBoundingClientRect().bottom ?? 0;
    if (bottom > top) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The first entry in sight of each of the first blocks in sight; a block that is not drawn stands for its entries. */
function anchorsIn(scroller: Element, content: Element): readonly Anchor[] {
  const { top } = scroller.getBoundingClientRect();
  const first = firstBelow(content.children, top);
  return Array.from(content.children)
    .slice(first, first + ANCHORED_BLOCKS)
    .map((block) => {
      const entries = block.firstElementChild?.children;
      const element = entries?.[firstBelow(entries, top)] ?? block;
      return { element, top: element.getBoundingClientRect().top - top };
    });
}

function scrollToEnd(scroller: Element | null) {
  if (scroller !== null) scroller.scrollTop = scroller.scrollHeight;
}

/** Scrolls so that the first anchor that is left stands where it stood. */
function keepPlace(scroller: Element, anchors: readonly Anchor[]) {
  const anchor = anchors.find(({ element }) => element.isConnected);
  if (anchor === undefined) return;
  scroller.scrollTop += anchor.element.getBoundingClientRect().top - scroller.getBoundingClientRect().top - anchor.top;
}

/**
 * Where a reader is in the transcript. At the end, it follows. Anywhere else, what one reads stays where it is while things
 * come and go above it: by our own measure, since Safari keeps no scroll anchor and no browser does at the very top.
 */
export function usePlace(entries: readonly TranscriptEntry[], onNearStart: () => void): Place {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const anchors = useRef<readonly Anchor[]>([]);
  /** The newest entries when the reader left the end. */
  const [seen, setSeen] = useState<ReadonlySet<string> | null>(null);
  const newestOwn = entries.findLast((entry) => entry.kind === 'message' && entry.self);

  function onScroll() {
    const element = scroller.current;
    if (element === null || content.current === null) return;
    following.current = element.scrollHeight - element.scrollTop - element.clientHeight < END_PIXELS;
    anchors.current = following.current ? [] : anchorsIn(element, content.current);
    setSeen((before) => (following.current ? null : (before ?? newestKeys(entries))));
    if (element.scrollTop < START_PIXELS) onNearStart();
  }

  const settle = useEffectEvent(() => {
    const element = scroller.current;
    if (element === null) return;
    if (following.current) scrollToEnd(element);
    else keepPlace(element, anchors.current);
    if (element.scrollTop < START_PIXELS) onNearStart();
  });

  useLayoutEffect(() => settle(), [entries]);

  // A person who sends a message wants to see it.
  const newestOwnKey = newestOwn === undefined ? null : keyOf(newestOwn);
  useLayoutEffect(() => scrollToEnd(scroller.current), [newestOwnKey]);

  // The keyboard opens, the composer grows, a font arrives, a block is drawn or left out.
  useEffect(() => {
    const observer = new ResizeObserver(() => settle());
    if (scroller.current !== null) observer.observe(scroller.current);
    if (content.current !== null) observer.observe(content.current);
    return () => observer.disconnect();
  }, []);

  const missed = seen === null ? null : arrivedSince(seen, entries).filter(({ kind }) => kind === 'message').length;
  return { scroller, content, missed, onScroll, toEnd: () => scrollToEnd(scroller.current) };
}
