'use client';

import { useEffectEvent, useLayoutEffect, useRef, type ReactNode } from 'react';

const GAP_PIXELS = 6;

interface FloatingProps {
  /** What it stands beside. */
  anchor: Element;
  /** At the anchor's end, or at its start. */
  isAtEnd: boolean;
  onClose: () => void;
  className?: string;
  children: ReactNode;
}

/** Something that opens beside an element: the browser's own popover, which closes with Escape and a press elsewhere. */
export function Floating({ anchor, isAtEnd, onClose, className = '', children }: FloatingProps) {
  const panel = useRef<HTMLDivElement>(null);

  /** Below the anchor where there is room, else above it, else as low as the window is; never beyond its sides. */
  function place(element: HTMLElement) {
    const box = anchor.getBoundingClientRect();
    const { clientWidth, clientHeight } = document.documentElement;
    const { width, height } = element.getBoundingClientRect();
    const isMirrored = getComputedStyle(anchor).direction === 'rtl';
    const below = box.bottom + GAP_PIXELS;
    const above = box.top - GAP_PIXELS - height;
    const top = below + height <= clientHeight - GAP_PIXELS || above < GAP_PIXELS ? below : above;
    const fromLeft = isAtEnd === isMirrored ? box.left : box.right - width;
    const left = Math.min(Math.max(GAP_PIXELS, fromLeft), clientWidth - width - GAP_PIXELS);
    element.style.insetBlockStart = `${Math.max(GAP_PIXELS, Math.min(top, clientHeight - height - GAP_PIXELS))}px`;
    element.style.insetInlineStart = `${isMirrored ? clientWidth - left - width : left}px`;
  }

  const open = useEffectEvent((element: HTMLElement) => {
    element.showPopover();
    place(element);
    element.querySelector<HTMLElement>('[data-first-focus]')?.focus();
  });
  const keepInWindow = useEffectEvent(place);

  useLayoutEffect(() => {
    const element = panel.current;
    if (element === null) return;
    open(element);
    // Its content may come, or change, while it stands.
    const observer = new ResizeObserver(() => keepInWindow(element));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  return (
    <div
      ref={panel}
      popover="auto"
      onToggle={(event) => {
        // One that another takes the place of is removed, which closes it as well.
        if (event.newState === 'closed' && event.currentTarget.isConnected) onClose();
      }}
      className={`fixed inset-auto m-0 max-h-[calc(100dvh-0.75rem)] overflow-y-auto overscroll-contain rounded-2xl border border-line bg-surface p-1.5 text-ink shadow-float open:animate-appear ${className}`}
    >
      {children}
    </div>
  );
}
