'use client';

import { useTranslations } from 'next-intl';
import { Choice } from '@/components/ui/choice';
import type { IconName } from '@/components/ui/icon';
import { useTheme } from '@/hooks/use-theme';
import { THEMES, type Theme } from '@/lib/theme';

const ICONS: Record<Theme, IconName> = { system: 'device', light: 'sun', dark: 'moon' };

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
