import type { ComponentProps } from 'react';
import { FileIcon } from '@/components/room/files/file-icon';

interface MediaButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  icon: 'play' | 'pause';
  label: string;
}

/** Starts and stops what takes time. */
export function MediaButton({ icon, label, className = '', ...rest }: MediaButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={`inline-flex size-11 shrink-0 items-center justify-center rounded-full transition-colors hover:bg-ink/6 ${className}`}
    >
      <FileIcon name={icon} className={`size-5 ${icon === 'play' ? 'fill-current' : ''}`} />
    </button>
  );
}
