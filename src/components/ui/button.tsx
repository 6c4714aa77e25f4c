import type { ComponentProps, MouseEvent, ReactNode } from 'react';
import { Icon, type Drawn, type IconName } from './icon';
import { Spinner } from './spinner';

export type ButtonTone = 'primary' | 'secondary' | 'quiet' | 'danger' | 'danger-quiet';

const TONES: Record<ButtonTone, string> = {
  primary: 'border-transparent bg-accent text-on-accent hover:bg-accent-strong',
  secondary: 'border-edge bg-surface text-ink hover:bg-sunken',
  quiet: 'border-transparent text-ink hover:bg-sunken',
  danger: 'border-transparent bg-danger text-on-danger hover:bg-danger-strong',
  'danger-quiet': 'border-transparent text-danger hover:bg-danger-soft',
};

const SIZES = {
  normal: 'min-h-11 px-4 text-[0.9375rem]',
  large: 'min-h-13 px-8 text-lg',
};

/** Only the look, for links that look like buttons. Never lower than 44 px. Forced colours draw the edges that are transparent otherwise. */
export function buttonClass(tone: ButtonTone, extra = '', size: keyof typeof SIZES = 'normal'): string {
  return (
    'inline-flex items-center justify-center gap-2 rounded-xl border py-2 font-medium ' +
    `transition-colors select-none aria-disabled:cursor-default aria-disabled:opacity-60 ${SIZES[size]} ${TONES[tone]} ${extra}`
  );
}

interface ButtonProps extends ComponentProps<'button'> {
  tone?: ButtonTone;
  size?: keyof typeof SIZES;
  icon?: IconName | Drawn;
  /** Shows that work is going on. The button keeps the focus and does nothing when pressed again. */
  busy?: boolean;
  /** Like `disabled`, but the focus stays and the reason can be read. */
  inert?: boolean;
}

export function Button(props: ButtonProps) {
  const {
    tone = 'secondary',
    size,
    icon,
    busy = false,
    inert = false,
    className,
    children,
    onClick,
    type = 'button',
    ...rest
  } = props;
  const idle = busy || inert;
  function press(event: MouseEvent<HTMLButtonElement>) {
    if (idle) event.preventDefault();
    else onClick?.(event);
  }
  return (
    <button
      {...rest}
      type={type}
      aria-disabled={idle || undefined}
      aria-busy={busy || undefined}
      onClick={press}
      className={buttonClass(tone, className, size)}
    >
      {busy ? <Spinner /> : icon !== undefined && <Icon name={icon} />}
      {children}
    </button>
  );
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  icon: IconName | Drawn;
  /** Says what the button does, to people who cannot see the icon and when the pointer rests on it. */
  label: string;
  /** Shown beside the icon where there is space. */
  children?: ReactNode;
  tone?: 'quiet' | 'danger-quiet';
}

export function IconButton({ icon, label, children, tone = 'quiet', className = '', ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={
        'inline-flex min-h-11 min-w-11 items-center justify-center gap-1.5 rounded-xl border px-2.5 text-sm font-medium transition-colors ' +
        `aria-expanded:bg-sunken ${TONES[tone]} ${className}`
      }
    >
      <Icon name={icon} />
      {children}
    </button>
  );
}
