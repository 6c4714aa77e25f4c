'use client';

import type { Composer } from '@/session/messages/composer';
import type { RoomSession } from '@/session/room-session';
import { useStore } from './use-store';

export interface SendMessage extends Composer {
  setDraft: (text: string) => void;
  /** Sends the draft and clears it; the message appears in the transcript at once. */
  send: () => void;
  /** The same message again: the same sealed strings, the same id. */
  retry: (id: string) => void;
  /** Takes the text of a message that was refused into the draft; it will be another message. */
  redraft: (id: string) => void;
  discard: (id: string) => void;
}

export function useSendMessage(session: RoomSession): SendMessage {
  const { setDraft, send, retry, redraft, discard } = session;
  return { ...useStore(session.composer), setDraft, send, retry, redraft, discard };
}
