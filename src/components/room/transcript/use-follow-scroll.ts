import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import type { TranscriptEntry } from '@/session/messages/transcript';

/** Within this many pixels of the end, a reader is at the end. */
const END_PIXELS = 48;

interface FollowScroll {
  scroller: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLDivElement | null>;
  /** Null while the end is in sight, else how many messages from others have arrived since it was. */
  missed: number | null;
  onScroll: () => void;
  toEnd: () => void;
}

/** A reader at the end keeps it in sight; a reader who has scrolled away keeps their place. */
export function useFollowScroll(entries: readonly TranscriptEntry[]): FollowScroll {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  /** When others last said something before the reader left the end: earlier pages that come later are not news. */
  const [saidWhenLeft, setSaidWhenLeft] = useState<number | null>(null);

  const messages = entries.filter((entry) => entry.kind === 'message');
  const others = messages.filter((message) => !message.self);
  const newestOwnId = messages.findLast((message) => message.self)?.id;

  function toEnd() {
    const element = scroller.current;
    if (element !== null) element.scrollTop = element.scrollHeight;
  }

  function onScroll() {
    const element = scroller.current;
    if (element === null) return;
    following.current = element.scrollHeight - element.scrollTop - element.clientHeight < END_PIXELS;
    setSaidWhenLeft((at) => (following.current ? null : (at ?? others.at(-1)?.timestamp ?? 0)));
  }

  useLayoutEffect(() => {
    if (following.current) toEnd();
  }, [entries]);

  // A person who sends a message wants to see it.
  useLayoutEffect(toEnd, [newestOwnId]);

  // The keyboard opens, the composer grows or a font arrives: the end stays in sight.
  useEffect(() => {
    const observer = new ResizeObserver(() => {
      if (following.current) toEnd();
    });
    if (scroller.current !== null) observer.observe(scroller.current);
    if (content.current !== null) observer.observe(content.current);
    return () => observer.disconnect();
  }, []);

  const missed = saidWhenLeft === null ? null : others.filter(({ timestamp }) => timestamp > saidWhenLeft).length;
  return { scroller, content, missed, onScroll, toEnd };
}
