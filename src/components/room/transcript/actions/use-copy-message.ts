import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { usePersonLabel } from '@/components/room/people/person-label';
import { useClockFormats } from '@/components/room/transcript/clock-time';
import type { MessageEntry } from '@/session/messages/transcript';

/** Long enough to be read out, short enough that copying again is announced again. */
const COPIED_MS = 2_000;

/** Copies a message as it was written, or as a line that says whose it is and of when. */
export function useCopyMessage() {
  const t = useTranslations('message');
  const words = useTranslations('transcript');
  const label = usePersonLabel();
  const { exact } = useClockFormats();
  const [isCopied, setIsCopied] = useState(false);

  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), COPIED_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);

  function lineOf(message: MessageEntry, text: string): string {
    const { name, mark } = label(message);
    const author = message.self ? words('you') : [name, mark].filter((part) => part !== '').join(' ');
    return t('copiedLine', { time: exact.format(message.timestamp), name: author, text });
  }

  /** Browsers offer the clipboard to secure pages alone, so it can fail. */
  async function copy(message: MessageEntry, withName: boolean): Promise<boolean> {
    const text = message.text ?? '';
    try {
      await navigator.clipboard.writeText(withName ? lineOf(message, text) : text);
    } catch {
      return false;
    }
    setIsCopied(true);
    return true;
  }

  return { copy, isCopied };
}
