'use client';

import { signalChoice } from '@/page/signal-choice';
import { useStore } from './use-store';

/** Whether this browser’s person shows, and sees, who is typing and who has read. Only for parts that the server never renders. */
export function useSignalChoice(): { isOn: boolean; choose: (isOn: boolean) => void } {
  const { choose, ...choice } = signalChoice();
  return { isOn: useStore(choice), choose };
}
