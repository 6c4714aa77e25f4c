import { useSyncExternalStore } from 'react';
import { parseTheme, THEME_COOKIE, THEME_COOKIE_SECONDS, type Theme } from '@/lib/theme';

/** The page's own `data-theme` is the one source of truth; every switch on the page follows it. */
function subscribe(onChange: () => void): () => void {
  const observer = new MutationObserver(onChange);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}

function chooseTheme(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme;
  // Without a cookie the page follows the system, so choosing that leaves nothing behind.
  const seconds = theme === 'system' ? 0 : THEME_COOKIE_SECONDS;
  const secure = location.protocol === 'https:' ? '; Secure' : '';
  document.cookie = `${THEME_COOKIE}=${theme}; Path=/; Max-Age=${seconds}; SameSite=Lax${secure}`;
}

/**
 * The theme in use and a way to change it at once, here and for later visits.
 * `served` is what the server rendered with, so that hydration finds the same choice pressed.
 */
export function useTheme(served: Theme = 'system'): { theme: Theme; chooseTheme: (theme: Theme) => void } {
  const theme = useSyncExternalStore(
    subscribe,
    () => parseTheme(document.documentElement.dataset['theme']),
    () => served,
  );
  return { theme, chooseTheme };
}
