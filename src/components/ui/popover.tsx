'use client';
import { createContext, use, useId, useRef, useState, type ReactNode } from 'react';
import { IconButton } from './button';
import { Icon, type IconName } from './icon';

/** Closes the surrounding popover and gives the focus back to its button. */
const ClosePopover = createContext<() => void>(() => undefined);

interface PopoverProps {
  icon: IconName;
  label: string;
  className?: string;
  children: ReactNode;
}

/** A button and what it opens: the browser's own popover, which closes with Escape and a press elsewhere. */
export function Popover({ icon, label, className = '', children }: PopoverProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);

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
        onToggle={(event) => setOpen(event.newState === 'open')}
        className={`fixed inset-auto m-0 rounded-2xl border border-line bg-surface p-2 text-ink shadow-float open:animate-appear ${className}`}
      >
        <ClosePopover value={close}>{children}</ClosePopover>
      </div>
    </>
  );
}

interface PopoverItemProps {
  icon: IconName;
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
      className={`flex min-h-11 w-full items-start gap-3 rounded-xl px-3 py-2 text-left transition-colors aria-disabled:opacity-60 ${danger ? 'text-danger hover:bg-danger-soft' : 'hover:bg-sunken'}`}
    >
      <Icon name={icon} className="mt-0.5 size-5" />
      <span>
        <span className="block text-[0.9375rem] font-medium">{children}</span>
        {hint !== undefined && <span className="block text-sm text-soft">{hint}</span>}
      </span>
    </button>
  );
}
