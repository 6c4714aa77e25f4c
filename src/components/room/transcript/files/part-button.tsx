import type { ComponentProps } from 'react';

/** A control that comes while its message has the focus is at once a stop of the Tab key, as those are that were there before. */
export function joinOpenParts(element: HTMLElement | null): void {
  if (element?.closest('[data-key]')?.contains(document.activeElement) === true) element.tabIndex = 0;
}

/** A round button that belongs to a message: the Tab key finds it from there. */
export function PartButton({ label, className = '', ...rest }: ComponentProps<'button'> & { label: string }) {
  return (
    <button
      ref={joinOpenParts}
      type="button"
      data-part=""
      tabIndex={-1}
      aria-label={label}
      title={label}
      {...rest}
      className={`relative inline-flex size-11 shrink-0 items-center justify-center rounded-full focus-visible:outline-2 focus-visible:outline-accent ${className}`}
    />
  );
}
