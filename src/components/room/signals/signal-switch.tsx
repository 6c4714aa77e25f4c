'use client';

import { useTranslations } from 'next-intl';
import { Switch } from '@/components/ui/switch';
import { useRoomInfo } from '@/hooks/use-room-info';
import { useSignalChoice } from '@/hooks/use-signal-choice';
import type { RoomSession } from '@/session/room-session';

/** On both sides at once: who does not show does not see. A room that is too large for signals has no switch. */
export function SignalSwitch({ session }: { session: RoomSession }) {
  const t = useTranslations('signals');
  const { signals } = useRoomInfo(session).room;
  const { isOn, choose } = useSignalChoice();
  if (!signals.typing) return null;
  return (
    <div className="mt-2 border-t border-line pt-2">
      <Switch checked={isOn} hint={t(signals.seen ? 'switchHint' : 'switchTypingHint')} onChange={choose}>
        {t(signals.seen ? 'switch' : 'switchTyping')}
      </Switch>
    </div>
  );
}
