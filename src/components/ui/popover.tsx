'use client';
import { createContext, use, useId, useRef, useState, type ReactNode } from 'react';
import { IconButton } from './button';
import { Icon, type Drawn, type IconName } from './icon';

/** Closes the surrounding popover and gives the focus back to its button. */
const ClosePopover = createContext<() => void>(() => undefined);

interface PopoverProps {
  icon: IconName | Drawn;
  label: string;
  className?: string;
  children: ReactNode;
}

/** Between the button and what it opens. */
const GAP_PIXELS = 8;

/** A button and what it opens below its end: the browser's own popover, which closes with Escape and a press elsewhere. */
export function Popover({ icon, label, className = '', children }: PopoverProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);

  /** Before it is drawn: where the button stands, since the header grows with the text. */
  function place() {
    if (button.current === null || panel.current === null) return;
    const { bottom, left, right } = button.current.getBoundingClientRect();
    const isMirrored = getComputedStyle(button.current).direction === 'rtl';
    const end = isMirrored ? left : document.documentElement.clientWidth - right;
    const { style } = panel.current;
    style.insetBlockStart = `${bottom + GAP_PIXELS}px`;
    style.insetInlineEnd = `${Math.max(GAP_PIXELS, end)}px`;
    style.maxBlockSize = `calc(100dvh - ${bottom + 2 * GAP_PIXELS}px)`;
  }
  function close() {
    panel.current?.hidePopover();
    button.current?.focus();
  }
  return (
    <>
      <IconButton ref={button} icon={icon} label={label} popoverTarget={id} aria-expanded={open} />
      <div
        ref={panel}
        id={id}
        popover="auto"
        onBeforeToggle={place}
        onToggle={(event) => setOpen(event.newState === 'open')}
        className={`fixed inset-auto m-0 overflow-y-auto overscroll-contain rounded-2xl border border-line bg-surface p-2 text-ink shadow-float open:animate-appear ${className}`}
      >
        <ClosePopover value={close}>{children}</ClosePopover>
      </div>
    </>
  );
}

interface PopoverItemProps {
  icon: IconName | Drawn;
  children: string;
  hint?: string;
  danger?: boolean;
  busy?: boolean;
  onChoose: () => void;
}

/** One action, with a line that says what it does. */
export function PopoverItem({ icon, children, hint, danger = false, busy = false, onChoose }: PopoverItemProps) {
  const close = use(ClosePopover);
  return (
    <button
      type="button"
      aria-disabled={busy || undefined}
      onClick={() => {
        if (busy) return;
        // First, so that the action may take the focus from the button and give it back there.
        close();
        onChoose();
      }}
      className={`flex min-h-11 w-full items-start gap-3 rounded-xl px-3 py-2 text-start transition-colors aria-disabled:opacity-60 ${danger ? 'text-danger hover:bg-danger-soft' : 'hover:bg-sunken'}`}
    >
      <Icon name={icon} className="mt-0.5 size-5" />
      <span>
        <span className="block text-[0.9375rem] font-medium">{children}</span>
        {hint !== undefined && <span className="block text-sm text-soft">{hint}</span>}
      </span>
    </button>
  );
}
