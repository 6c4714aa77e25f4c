import { useId, type ComponentProps } from 'react';
import { FIELD_CLASS } from './text-field';

interface SelectFieldProps extends Omit<ComponentProps<'select'>, 'id'> {
  label: string;
}

/** A choice among many: the browser's own list, which every phone and screen reader knows. */
export function SelectField({ label, className = '', children, ...rest }: SelectFieldProps) {
  const id = useId();
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1.5 block text-[0.9375rem] font-medium">
        {label}
      </label>
      <select {...rest} id={id} className={FIELD_CLASS}>
        {children}
      </select>
    </div>
  );
}
