import type { Drawn } from '@/components/ui/icon';

/** Drawn like those of `ui/icon`, for what comes around the composer and after it. */
export const ROOM_ICONS = {
  arrowAhead: { path: 'M5 12h14M13 6l6 6-6 6', isMirrored: true },
  arrowDown: { path: 'M12 5v14M6 13l6 6 6-6' },
  crown: { path: 'M4 8.5l4 3.5 4-6.5 4 6.5 4-3.5-1.5 9.5h-13L4 8.5Z' },
  download: { path: 'M12 4v11M7.5 11l4.5 4.5L16.5 11M5 19.5h14' },
  keyboard: {
    path: 'M4.5 6h15A1.5 1.5 0 0 1 21 7.5v9a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 16.5v-9A1.5 1.5 0 0 1 4.5 6ZM7 10h.01M11 10h.01M15 10h2M7 14h.01M10 14h5M17.5 14h.01',
  },
  leave: { path: 'M10 4H6.5A1.5 1.5 0 0 0 5 5.5v13A1.5 1.5 0 0 0 6.5 20H10M10.5 12H20M16 8l4 4-4 4', isMirrored: true },
  menu: { path: 'M5 12h.01M12 12h.01M19 12h.01', strokeWidth: 2.75 },
  options: {
    path: 'M4 7h6M15 7h5M4 17h5M14 17h6M12.5 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM11.5 19.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z',
  },
  pencil: { path: 'm4 20 .9-4L15.6 5.3a1.9 1.9 0 0 1 2.7 0l.4.4a1.9 1.9 0 0 1 0 2.7L8 19.1 4 20ZM13.5 7.5l3 3' },
  personOut: {
    path: 'M9.5 11.5a3.25 3.25 0 1 0 0-6.5 3.25 3.25 0 0 0 0 6.5ZM3.5 19c0-3 2.7-4.8 6-4.8s6 1.8 6 4.8M16 9l5 5M21 9l-5 5',
  },
  plus: { path: 'M12 5v14M5 12h14' },
  renew: { path: 'M20 4v5h-5M19.6 9A8 8 0 1 0 20 13' },
  reply: { path: 'M9.5 6 4 11.5 9.5 17M4.5 11.5H13a7 7 0 0 1 7 7V20' },
  search: { path: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM16 16l4.5 4.5' },
  select: {
    path: 'M8.5 4.5c2 0 3.5.8 3.5 2.3v10.4c0 1.5-1.5 2.3-3.5 2.3M15.5 4.5c-2 0-3.5.8-3.5 2.3M12 17.2c0 1.5 1.5 2.3 3.5 2.3M9.5 12h5',
  },
  slow: { path: 'M7 4h10M7 20h10M8 4c0 5 4 5.5 4 8s-4 3-4 8M16 4c0 5-4 5.5-4 8s4 3 4 8' },
  smile: { path: 'M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0ZM8.5 14.5a4.5 4.5 0 0 0 7 0M9 9.5v.01M15 9.5v.01' },
  trash: {
    path: 'M4.5 7h15M9.5 7V5.5A1.5 1.5 0 0 1 11 4h2a1.5 1.5 0 0 1 1.5 1.5V7M6.5 7l.8 11.6A1.5 1.5 0 0 0 8.8 20h6.4a1.5 1.5 0 0 0 1.5-1.4L17.5 7M10.5 11v5M13.5 11v5',
  },
} as const satisfies Record<string, Drawn>;
