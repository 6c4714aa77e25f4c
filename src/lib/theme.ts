/** How a page is lit: as the system says, or as a person chose. */
export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** The cookie that remembers a choice, so that the server can send the page lit right from its first byte. */
export const THEME_COOKIE = 'theme';
/** A year: the choice is about eyes, not about a room. */
export const THEME_COOKIE_SECONDS = 31_536_000;

/** What a cookie or an attribute says, or `system` when it says nothing known. */
export function parseTheme(value: string | undefined): Theme {
  return THEMES.find((theme) => theme === value) ?? 'system';
}
