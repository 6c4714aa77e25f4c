/** Line drawings on a 24 by 24 grid, one path each, so an icon costs nothing but its path. */
const PATHS = {
  alert:
    'M12 8.5v4.5M12 16.5v.01M10.4 4.3 2.9 17.4A1.8 1.8 0 0 0 4.5 20h15a1.8 1.8 0 0 0 1.6-2.6L13.6 4.3a1.85 1.85 0 0 0-3.2 0Z',
  arrowAhead: 'M5 12h14M13 6l6 6-6 6',
  arrowDown: 'M12 5v14M6 13l6 6 6-6',
  arrowUp: 'M12 19V5M6 11l6-6 6 6',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  chevron: 'm8 10 4 4 4-4',
  clock: 'M12 7v5l3 2M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z',
  close: 'M6 6l12 12M18 6 6 18',
  copy: 'M9 9.5A1.5 1.5 0 0 1 10.5 8h8A1.5 1.5 0 0 1 20 9.5v9a1.5 1.5 0 0 1-1.5 1.5h-8A1.5 1.5 0 0 1 9 18.5v-9ZM15 8V5.5A1.5 1.5 0 0 0 13.5 4h-8A1.5 1.5 0 0 0 4 5.5v8A1.5 1.5 0 0 0 5.5 15H9',
  crown: 'M4 8.5l4 3.5 4-6.5 4 6.5 4-3.5-1.5 9.5h-13L4 8.5Z',
  device:
    'M4.5 5h15A1.5 1.5 0 0 1 21 6.5v9a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 15.5v-9A1.5 1.5 0 0 1 4.5 5ZM9 20.5h6M12 17v3.5',
  download: 'M12 4v11M7.5 11l4.5 4.5L16.5 11M5 19.5h14',
  invite:
    'M9.5 11.5a3.25 3.25 0 1 0 0-6.5 3.25 3.25 0 0 0 0 6.5ZM3.5 19c0-3 2.7-4.8 6-4.8s6 1.8 6 4.8M18.5 8v6M15.5 11h6',
  keyboard:
    'M4.5 6h15A1.5 1.5 0 0 1 21 7.5v9a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 16.5v-9A1.5 1.5 0 0 1 4.5 6ZM7 10h.01M11 10h.01M15 10h2M7 14h.01M10 14h5M17.5 14h.01',
  leave: 'M10 4H6.5A1.5 1.5 0 0 0 5 5.5v13A1.5 1.5 0 0 0 6.5 20H10M10.5 12H20M16 8l4 4-4 4',
  lock: 'M7.5 11V8a4.5 4.5 0 0 1 9 0v3M6.5 11h11A1.5 1.5 0 0 1 19 12.5v6a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 5 18.5v-6A1.5 1.5 0 0 1 6.5 11Z',
  menu: 'M5 12h.01M12 12h.01M19 12h.01',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5Z',
  pencil: 'm4 20 .9-4L15.6 5.3a1.9 1.9 0 0 1 2.7 0l.4.4a1.9 1.9 0 0 1 0 2.7L8 19.1 4 20ZM13.5 7.5l3 3',
  people:
    'M9 11.5a3.25 3.25 0 1 0 0-6.5 3.25 3.25 0 0 0 0 6.5ZM3 19c0-3 2.7-4.8 6-4.8s6 1.8 6 4.8M16 5.3a3.25 3.25 0 0 1 0 6M17.8 14.6c2 .7 3.2 2.2 3.2 4.4',
  personOut:
    'M9.5 11.5a3.25 3.25 0 1 0 0-6.5 3.25 3.25 0 0 0 0 6.5ZM3.5 19c0-3 2.7-4.8 6-4.8s6 1.8 6 4.8M16 9l5 5M21 9l-5 5',
  plus: 'M12 5v14M5 12h14',
  presence:
    'M12 13.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3ZM8 16a5.5 5.5 0 0 1 0-8M16 8a5.5 5.5 0 0 1 0 8M5 19a9.8 9.8 0 0 1 0-14M19 5a9.8 9.8 0 0 1 0 14',
  renew: 'M20 4v5h-5M19.6 9A8 8 0 1 0 20 13',
  reply: 'M9.5 6 4 11.5 9.5 17M4.5 11.5H13a7 7 0 0 1 7 7V20',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM16 16l4.5 4.5',
  select:
    'M8.5 4.5c2 0 3.5.8 3.5 2.3v10.4c0 1.5-1.5 2.3-3.5 2.3M15.5 4.5c-2 0-3.5.8-3.5 2.3M12 17.2c0 1.5 1.5 2.3 3.5 2.3M9.5 12h5',
  share:
    'M12 14.5V4M8 7.5 12 3.5l4 4M7 11H6.5A1.5 1.5 0 0 0 5 12.5v6A1.5 1.5 0 0 0 6.5 20h11a1.5 1.5 0 0 0 1.5-1.5v-6a1.5 1.5 0 0 0-1.5-1.5H17',
  shield: 'M12 3.5 5 6v5.5c0 4.3 2.9 7.5 7 9 4.1-1.5 7-4.7 7-9V6l-7-2.5ZM9 12l2.2 2.2L15.2 10',
  smile: 'M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0ZM8.5 14.5a4.5 4.5 0 0 0 7 0M9 9.5v.01M15 9.5v.01',
  sun: 'M12 16.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4',
  trash:
    'M4.5 7h15M9.5 7V5.5A1.5 1.5 0 0 1 11 4h2a1.5 1.5 0 0 1 1.5 1.5V7M6.5 7l.8 11.6A1.5 1.5 0 0 0 8.8 20h6.4a1.5 1.5 0 0 0 1.5-1.4L17.5 7M10.5 11v5M13.5 11v5',
  unlock:
    'M7.5 11V8a4.5 4.5 0 0 1 8.6-1.8M6.5 11h11A1.5 1.5 0 0 1 19 12.5v6a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 5 18.5v-6A1.5 1.5 0 0 1 6.5 11Z',
} as const;

export type IconName = keyof typeof PATHS;

/** Point along the line of writing. */
const MIRRORED: ReadonlySet<IconName> = new Set<IconName>(['arrowAhead', 'leave']);

export function Icon({ name, className = 'size-5' }: { name: IconName; className?: string }) {
  return (
    <Drawing
      path={PATHS[name]}
      strokeWidth={name === 'menu' ? 2.75 : 1.6}
      className={`${MIRRORED.has(name) ? 'rtl:-scale-x-100' : ''} ${className}`}
    />
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
  strokeWidth?: number;
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
