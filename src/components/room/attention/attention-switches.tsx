'use client';

import { useTranslations } from 'next-intl';
import { useId } from 'react';
import { Switch } from '@/components/ui/switch';
import { useAttentionChoices } from '@/hooks/use-attention-choices';

/** How one wants to hear of messages while looking elsewhere: each is off until it is switched on. */
export function AttentionSwitches() {
  const t = useTranslations('attention');
  const id = useId();
  const { sound, forYou, chooseForYou, notify, names, hasSound, consent, chooseSound, chooseNotify, chooseNames } =
    useAttentionChoices();
  return (
    <div role="group" aria-labelledby={id} className="mt-2 border-t border-line pt-2">
      <p id={id} className="px-3 py-1 text-sm text-soft">
        {t('heading')}
      </p>
      {hasSound && (
        <Switch checked={sound} onChange={chooseSound}>
          {t('sound')}
        </Switch>
      )}
      {hasSound && !sound && (
        <Switch checked={forYou} hint={t('forYouHint')} onChange={chooseForYou}>
          {t('forYou')}
        </Switch>
      )}
      {consent === 'missing' ? (
        <p className="px-3 py-2 text-sm text-soft">{t('missing')}</p>
      ) : (
        <Switch
          checked={notify}
          inert={consent === 'denied'}
          hint={consent === 'denied' ? t('blocked') : undefined}
          onChange={chooseNotify}
        >
          {t('notify')}
        </Switch>
      )}
      {notify && (
        <Switch checked={names} hint={t('namesHint')} onChange={chooseNames}>
          {t('names')}
        </Switch>
      )}
    </div>
  );
}
