import { useId } from 'react';

interface SwitchProps {
  checked: boolean;
  /** Its name. */
  children: string;
  hint?: string | undefined;
  /** It cannot be switched now, and the hint says why. */
  inert?: boolean;
  onChange: (checked: boolean) => void;
}

/** Something that is on or off, and takes effect at once. */
export function Switch({ checked, children, hint, inert = false, onChange }: SwitchProps) {
  const id = useId();
  return (
    <button
      type="button"
      role="switch"
      aria-checked={checked}
      aria-disabled={inert || undefined}
      aria-labelledby={`${id}-name`}
      aria-describedby={hint === undefined ? undefined : `${id}-hint`}
      onClick={() => {
        if (!inert) onChange(!checked);
      }}
      className="flex min-h-11 w-full items-center gap-3 rounded-xl px-3 py-2 text-start transition-colors hover:bg-sunken aria-disabled:hover:bg-transparent"
    >
      <span className="flex-1">
        <span id={`${id}-name`} className={`block text-[0.9375rem] font-medium ${inert ? 'text-soft' : ''}`}>
          {children}
        </span>
        {hint !== undefined && (
          <span id={`${id}-hint`} className="block text-sm text-soft">
            {hint}
          </span>
        )}
      </span>
      <Track checked={checked} />
    </button>
  );
}

/** The knob’s place shows it, not its colour alone. Forced colours drop grounds, so edge and knob take the system’s. */
function Track({ checked }: { checked: boolean }) {
  return (
    <span
      aria-hidden="true"
      className={`flex h-6 w-10 shrink-0 items-center rounded-full border px-0.5 transition-colors ${checked ? 'justify-end border-accent bg-accent forced-colors:border-[Highlight] forced-colors:bg-[Highlight]' : 'border-edge bg-sunken forced-colors:border-[ButtonText]'}`}
    >
      <span
        className={`size-4.5 rounded-full ${checked ? 'bg-on-accent forced-colors:bg-[HighlightText]' : 'bg-edge forced-colors:bg-[ButtonText]'}`}
      />
    </span>
  );
}
