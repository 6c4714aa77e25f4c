'use client';
import { useEffect, useRef } from 'react';

/** A heading that takes the focus when it appears, because the control that had it was removed with its screen. */
export function FocusedHeading({ children, className = '' }: { children: string; className?: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <h1 ref={heading} tabIndex={-1} className={className}>
      {children}
    </h1>
  );
}
