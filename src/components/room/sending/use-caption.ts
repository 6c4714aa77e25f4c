import { useState } from 'react';
import { TEXT_CHARACTERS_MAX } from '@/domain/limits';
import { textFault, type TextFault } from '@/domain/text-rules';
import { useSendMessage } from '@/hooks/use-send-message';
import type { RoomSession } from '@/session/room-session';

export interface CaptionDraft {
  readonly text: string;
  readonly set: (text: string) => void;
  /** Why it cannot be sent; null when it can, or there is none. */
  readonly fault: Exclude<TextFault, 'blank'> | null;
  /** The text to send with the first file; undefined where there is none. */
  readonly words: string | undefined;
  readonly clear: () => void;
}

/**
 * The caption of files: the draft of the composer, so that nothing is lost whether they are sent or not. Whoever edits or replies
 * meanwhile goes on with that later, and says something else here.
 */
export function useCaption(session: RoomSession): CaptionDraft {
  const { draft, mode, setDraft } = useSendMessage(session);
  const [own, setOwn] = useState('');
  const isDraft = mode.kind === 'write';
  const text = isDraft ? draft : own;
  const set = isDraft ? setDraft : setOwn;
  const fault = textFault(text, TEXT_CHARACTERS_MAX);
  return {
    text,
    set,
    fault: fault === 'blank' ? null : fault,
    words: fault === 'blank' ? undefined : text,
    clear: () => {
      set('');
      session.signals.typed('');
    },
  };
}
