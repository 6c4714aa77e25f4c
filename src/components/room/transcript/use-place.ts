import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import type { OlderPages, TranscriptEntry } from '@/session/messages/transcript';
import type { SeenMarks } from '@/session/signals/seen-marks';
import { arrivedSince, endOf, hasWrittenSince, type Position } from '@/domain/arrived';

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
  /** Brings an element of the list to the middle of the visible part, or its beginning where it is longer than that. */
  show: (element: Element) => void;
}

interface PlaceHandlers {
  onNearStart: () => void;
  /** Whether the reader is at the end: at first, and whenever they may have scrolled. */
  onAtEnd: (isAtEnd: boolean) => void;
}

/** Something on the screen, and how far below the top of the visible part it stands. */
interface Anchor {
  element: Element;
  /** Of its entry, which may be drawn in another block later; null for a block that is not drawn. */
  key: string | null;
  top: number;
}

/** Several, as the first of them may be taken back. */
const ANCHORS_MAX = 8;

/** Where the first of these elements, which stand one below the other, is that ends below `top`. A binary search: there may be hundreds. */
function firstBelow(elements: ArrayLike<Element>, top: number): number {
  let [low, high] = [0, elements.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const bottom = elements[middle]?.getBoundingClientRect().bottom ?? 0;
    if (bottom > top) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The first entries in sight; a block that is not drawn stands for its own. */
function anchorsIn(scroller: Element, content: Element): readonly Anchor[] {
  const { top } = scroller.getBoundingClientRect();
  const first = firstBelow(content.children, top);
  return Array.from(content.children)
    .slice(first, first + 2)
    .flatMap((block) => {
      const entries = Array.from(block.querySelectorAll('[data-key]'));
      return entries.length === 0 ? [block] : entries.slice(firstBelow(entries, top));
    })
    .slice(0, ANCHORS_MAX)
    .map((element) => {
      const key = element.getAttribute('data-key');
      return { element, key, top: element.getBoundingClientRect().top - top };
    });
}

/** The anchor's element or, where its entry has moved to another block, the one that shows it now. */
function elementOf({ element, key }: Anchor, content: Element): Element | null {
  if (element.isConnected) return element;
  return key === null ? null : content.querySelector(`[data-key="${CSS.escape(key)}"]`);
}

function scrollToEnd(scroller: Element | null) {
  if (scroller !== null) scroller.scrollTop = scroller.scrollHeight;
}

/** Calls `settle` whenever one of the elements has another size, until the function returned is called. */
function whenResized(elements: readonly (Element | null)[], settle: () => void): () => void {
  const observer = new ResizeObserver(() => settle());
  for (const element of elements) if (element !== null) observer.observe(element);
  return () => observer.disconnect();
}

/**
 * Scrolls so that the first anchor that is left stands where it stood when the list was at `top`, and as much further as the
 * reader has scrolled since: the browser reports that only with its next frame. Returns what `top` is from then on.
 */
function keepPlace(scroller: Element, content: Element, anchors: readonly Anchor[], top: number): number {
  const before = scroller.scrollTop;
  // At the end of what has become shorter it is the browser that moved the list, and not the reader.
  const isAtEnd = scroller.scrollHeight - before - scroller.clientHeight < 1;
  const scrolled = isAtEnd ? 0 : before - top;
  for (const anchor of anchors) {
    const element = elementOf(anchor, content);
    if (element === null) continue;
    const stands = element.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
    scroller.scrollTop += stands - anchor.top + scrolled;
    break;
  }
  return scroller.scrollTop - scrolled;
}

/**
 * Where a reader is in the transcript. At the end, it follows. Anywhere else, what one reads stays where it is while things
 * come and go above it: by our own measure, since Safari keeps no scroll anchor and no browser does at the very top.
 */
export function usePlace(
  entries: readonly TranscriptEntry[],
  newKey: string | null,
  older: OlderPages,
  marks: SeenMarks,
  { onNearStart, onAtEnd }: PlaceHandlers,
): Place {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  /** Of the visible part, when the list was last put in its place. */
  const height = useRef(0);
  const anchors = useRef<readonly Anchor[]>([]);
  /** How far down the list was when the anchors stood where they are said to. */
  const top = useRef(0);
  /** The end of the talk when the reader left it. */
  const [seen, setSeen] = useState<Position | null>(null);
  const last = useRef<Position>(endOf([]));

  function toEnd() {
    // At once: the new message is measured before the browser reports the scrolling, and would be answered by going back.
    following.current = true;
    scrollToEnd(scroller.current);
  }

  function show(element: Element) {
    if (scroller.current === null) return;
    const [shown, box] = [scroller.current.getBoundingClientRect(), element.getBoundingClientRect()];
    following.current = false;
    scroller.current.scrollTop += box.top - shown.top - Math.max(0, shown.height - box.height) / 2;
    onScroll();
  }

  function onScroll() {
    const element = scroller.current;
    if (element === null || content.current === null) return;
    // The browser has moved the list because the window is another one: that is answered below, and it was not the reader.
    if (following.current && element.clientHeight !== height.current) return;
    following.current = element.scrollHeight - element.scrollTop - element.clientHeight < END_PIXELS;
    onAtEnd(following.current);
    anchors.current = following.current ? [] : anchorsIn(element, content.current);
    top.current = element.scrollTop;
    setSeen((before) => (following.current ? null : (before ?? endOf(entries))));
    if (element.scrollTop < START_PIXELS) onNearStart();
  }

  const settle = useEffectEvent(() => {
    const element = scroller.current;
    if (element === null || content.current === null) return;
    height.current = element.clientHeight;
    if (following.current) scrollToEnd(element);
    else top.current = keepPlace(element, content.current, anchors.current, top.current);
    if (element.scrollTop < START_PIXELS) onNearStart();
  });

  useLayoutEffect(() => {
    // A person who sends a message wants to see it.
    if (hasWrittenSince(last.current, entries)) toEnd();
    else settle();
    last.current = endOf(entries);
  }, [entries]);

  // A page of reactions and edits alone changes no line and no height: the page before it is needed, too.
  useEffect(() => {
    if (older === 'more') settle();
  }, [older]);

  // The line above what is new comes or goes, or marks move from one message to another, and no entry with them.
  useLayoutEffect(() => settle(), [newKey, marks]);

  const begin = useEffectEvent(() => onAtEnd(following.current));
  useEffect(() => begin(), []);

  // The keyboard opens, the composer grows, a font arrives, a block is drawn or left out.
  useEffect(() => whenResized([scroller.current, content.current], settle), []);

  const missed = seen === null ? null : arrivedSince(seen, entries).filter(({ kind }) => kind === 'message').length;
  return { scroller, content, missed, onScroll, toEnd, show };
}
