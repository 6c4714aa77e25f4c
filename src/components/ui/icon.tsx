/** Line drawings on a 24 by 24 grid, one path each, so an icon costs nothing but its path. */
const PATHS = {
  alert:
    'M12 8.5v4.5M12 16.5v.01M10.4 4.3 2.9 17.4A1.8 1.8 0 0 0 4.5 20h15a1.8 1.8 0 0 0 1.6-2.6L13.6 4.3a1.85 1.85 0 0 0-3.2 0Z',
  arrowUp: 'M12 19V5M6 11l6-6 6 6',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  chevron: 'm8 10 4 4 4-4',
  clock: 'M12 7v5l3 2M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z',
  close: 'M6 6l12 12M18 6 6 18',
  copy: 'M9 9.5A1.5 1.5 0 0 1 10.5 8h8A1.5 1.5 0 0 1 20 9.5v9a1.5 1.5 0 0 1-1.5 1.5h-8A1.5 1.5 0 0 1 9 18.5v-9ZM15 8V5.5A1.5 1.5 0 0 0 13.5 4h-8A1.5 1.5 0 0 0 4 5.5v8A1.5 1.5 0 0 0 5.5 15H9',
  lock: 'M7.5 11V8a4.5 4.5 0 0 1 9 0v3M6.5 11h11A1.5 1.5 0 0 1 19 12.5v6a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 5 18.5v-6A1.5 1.5 0 0 1 6.5 11Z',
  people:
    'M9 11.5a3.25 3.25 0 1 0 0-6.5 3.25 3.25 0 0 0 0 6.5ZM3 19c0-3 2.7-4.8 6-4.8s6 1.8 6 4.8M16 5.3a3.25 3.25 0 0 1 0 6M17.8 14.6c2 .7 3.2 2.2 3.2 4.4',
  share:
    'M12 14.5V4M8 7.5 12 3.5l4 4M7 11H6.5A1.5 1.5 0 0 0 5 12.5v6A1.5 1.5 0 0 0 6.5 20h11a1.5 1.5 0 0 0 1.5-1.5v-6a1.5 1.5 0 0 0-1.5-1.5H17',
  shield: 'M12 3.5 5 6v5.5c0 4.3 2.9 7.5 7 9 4.1-1.5 7-4.7 7-9V6l-7-2.5ZM9 12l2.2 2.2L15.2 10',
  unlock:
    'M7.5 11V8a4.5 4.5 0 0 1 8.6-1.8M6.5 11h11A1.5 1.5 0 0 1 19 12.5v6a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 5 18.5v-6A1.5 1.5 0 0 1 6.5 11Z',
} as const;

/** A drawing of its own, for what not every page shows. */
export interface Drawn {
  readonly path: string;
  /** It points along the line of writing. */
  readonly isMirrored?: true;
  readonly strokeWidth?: number;
}

export type IconName = keyof typeof PATHS;

export function Icon({ name, className = 'size-5' }: { name: IconName | Drawn; className?: string }) {
  const { path, isMirrored, strokeWidth }: Drawn = typeof name === 'string' ? { path: PATHS[name] } : name;
  return (
    <Drawing path={path} strokeWidth={strokeWidth} className={`${isMirrored ? 'rtl:-scale-x-100' : ''} ${className}`} />
  );
}

/** Always beside words or inside a labelled control, so it is hidden from assistive technology. */
export function Drawing({
  path,
  className,
  strokeWidth = 1.6,
}: {
  path: string;
  className: string;
  strokeWidth?: number | undefined;
}) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={strokeWidth}
      strokeLinecap="round"
      strokeLinejoin="round"
      className={`shrink-0 ${className}`}
    >
      <path d={path} />
    </svg>
  );
}
