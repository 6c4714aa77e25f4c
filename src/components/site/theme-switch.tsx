'use client';

import { useTranslations } from 'next-intl';
import { Choice } from '@/components/ui/choice';
import type { Drawn } from '@/components/ui/icon';
import { useTheme } from '@/hooks/use-theme';
import { THEMES, type Theme } from '@/lib/theme';

const ICONS: Record<Theme, Drawn> = {
  system: {
    path: 'M4.5 5h15A1.5 1.5 0 0 1 21 6.5v9a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 15.5v-9A1.5 1.5 0 0 1 4.5 5ZM9 20.5h6M12 17v3.5',
  },
  light: {
    path: 'M12 16.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4',
  },
  dark: { path: 'M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5Z' },
};

export function ThemeSwitch({ served }: { served?: Theme }) {
  const t = useTranslations('theme');
  const { theme, chooseTheme } = useTheme(served);
  return (
    <Choice
      legend={t('legend')}
      legendHidden
      name="theme"
      options={THEMES.map((value) => ({ value, label: t(value), icon: ICONS[value] }))}
      value={theme}
      onChoose={chooseTheme}
    />
  );
}
