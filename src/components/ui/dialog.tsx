'use client';
import { useEffect, useId, useRef, type MouseEvent, type ReactNode, type SyntheticEvent } from 'react';
import { useBackCloses } from '@/hooks/use-back-closes';
import { IconButton } from './button';

interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  closeLabel: string;
  /** `sheet` rises from the lower edge of a narrow screen and keeps to its side on a wide one. */
  placement?: 'center' | 'sheet';
  children: ReactNode;
}

const PLACEMENTS = {
  center: 'm-auto w-[min(28rem,calc(100vw-2rem))] rounded-3xl',
  sheet:
    'mx-0 mt-auto mb-0 w-full rounded-t-3xl pb-[env(safe-area-inset-bottom)] ' +
    'sm:m-auto sm:w-[min(28rem,calc(100vw-2rem))] sm:rounded-3xl',
};

/**
 * The browser's own modal: it traps the focus and gives it back, and closes with Escape, a press beside it, or a phone's Back. An element
 * with `data-first-focus` gets the focus, otherwise the title does.
 */
export function Dialog({ open, onClose, title, closeLabel, placement = 'center', children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  useBackCloses(open, onClose);
  useEffect(() => {
    const element = dialog.current;
    if (element === null || element.open === open) return;
    if (!open) {
      element.close();
      return;
    }
    element.showModal();
    const first = element.querySelector<HTMLElement>('[data-first-focus]') ?? element.querySelector('h2');
    first?.focus();
  }, [open]);

  function closed(event: SyntheticEvent) {
    // React lets this event bubble: a dialog inside this one must only close itself.
    if (event.target === dialog.current) onClose();
  }
  function pressed(event: MouseEvent) {
    // The content covers the dialog's whole box, so a press on the dialog element itself was beside it.
    if (event.target === dialog.current) onClose();
  }

  return (
    <dialog
      ref={dialog}
      onClose={closed}
      onClick={pressed}
      aria-labelledby={titleId}
      className={`max-h-[calc(100dvh-2rem)] max-w-none overflow-auto overscroll-contain border border-line bg-surface text-ink shadow-float open:animate-appear ${PLACEMENTS[placement]}`}
    >
      {open && (
        <div className="p-5 sm:p-6">
          <div className="mb-3 flex items-start justify-between gap-4">
            <h2
              id={titleId}
              tabIndex={-1}
              className="min-w-0 pt-1.5 text-xl font-semibold tracking-tight wrap-anywhere"
            >
              {title}
            </h2>
            <IconButton icon="close" label={closeLabel} onClick={onClose} className="-mt-1 -me-2" />
          </div>
          {children}
        </div>
      )}
    </dialog>
  );
}
