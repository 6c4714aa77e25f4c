import { useId, type ComponentProps } from 'react';

interface TextFieldProps extends Omit<ComponentProps<'input'>, 'id'> {
  label: string;
  hint?: string | undefined;
  /** The fault of the value, shown below it; null when it has no fault. */
  fault?: string | null;
}

export const FIELD_CLASS =
  'min-h-11 w-full rounded-xl border border-edge bg-surface px-3.5 py-2 text-base text-ink placeholder:text-soft ' +
  'aria-invalid:border-danger';

export function TextField({ label, hint, fault = null, className = '', ...rest }: TextFieldProps) {
  const id = useId();
  const noteId = `${id}-note`;
  const note = fault ?? hint;
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1.5 block text-[0.9375rem] font-medium">
        {label}
      </label>
      <input
        {...rest}
        id={id}
        aria-invalid={fault !== null || undefined}
        aria-describedby={note === undefined ? undefined : noteId}
        className={FIELD_CLASS}
      />
      {note !== undefined && (
        <p id={noteId} className={`mt-1.5 text-sm ${fault === null ? 'text-soft' : 'text-danger'}`}>
          {note}
        </p>
      )}
    </div>
  );
}
