'use client';

import { browserAttention } from '@/page/attention/browser-attention';
import type { Choices } from '@/page/attention/choices';
import type { Consent } from '@/page/attention/notifications';
import { useStore } from './use-store';

interface AttentionChoices extends Choices {
  hasSound: boolean;
  consent: Consent;
  chooseSound: (isOn: boolean) => void;
  chooseForYou: (isOn: boolean) => void;
  chooseNotify: (isOn: boolean) => void;
  chooseNames: (isOn: boolean) => void;
}

/** How messages are announced to this browser’s person while they look elsewhere. Only for parts that the server never renders. */
export function useAttentionChoices(): AttentionChoices {
  const { choices, notifications, sound } = browserAttention();
  const chosen = useStore(choices);
  const consent = useStore(notifications.consent);

  async function askToNotify() {
    if ((await notifications.ask()) === 'granted') choices.choose({ notify: true });
  }

  return {
    ...chosen,
    // The consent may have been taken back since.
    notify: chosen.notify && consent === 'granted',
    hasSound: sound.isAvailable,
    consent,
    chooseSound: (isOn) => {
      choices.choose({ sound: isOn });
      // So that one knows it when it comes; and a browser that plays only what a press began has had its press.
      if (isOn) sound.ring();
    },
    chooseForYou: (isOn) => {
      choices.choose({ forYou: isOn });
      if (isOn) sound.ring();
    },
    chooseNotify: (isOn) => {
      if (isOn) void askToNotify();
      else choices.choose({ notify: false, names: false });
    },
    chooseNames: (isOn) => choices.choose({ names: isOn }),
  };
}
