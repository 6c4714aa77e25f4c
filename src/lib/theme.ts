/** How a page is lit: as the system says, or as a person chose. */
export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** The cookie that remembers a choice, so the server can send the page in the right theme from its first byte. */
export const THEME_COOKIE = 'theme';
/** A year: the choice is about eyes, not about a room. */
export const THEME_COOKIE_SECONDS = 31_536_000;

/** Reads a cookie or an attribute; `system` when it has no known value. */
export function parseTheme(value: string | undefined): Theme {
  return THEMES.find((theme) => theme === value) ?? 'system';
}
