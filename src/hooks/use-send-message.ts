'use client';

import type { Composer } from '@/session/messages/composer';
import type { RoomSession } from '@/session/room-session';
import { useStore } from './use-store';

type Ways = Pick<RoomSession, 'setDraft' | 'send' | 'letGo' | 'retry' | 'redraft' | 'discard'>;

export interface SendMessage extends Composer, Ways {
  /** Takes one's last message into the composer. Returns whether it does: one that is not stored has no edits yet. */
  editLast: () => boolean;
}

export function useSendMessage(session: RoomSession): SendMessage {
  const { setDraft, send, letGo, retry, redraft, discard } = session;
  return {
    ...useStore(session.composer),
    setDraft,
    send,
    letGo,
    retry,
    redraft,
    discard,
    editLast: () => editLast(session),
  };
}

function editLast({ transcript, startEdit }: RoomSession): boolean {
  const last = transcript
    .get()
    .entries.filter((entry) => entry.kind === 'message')
    .findLast(
      ({ self, text, file, state, leaving }) =>
        self && text !== null && file === undefined && state !== 'failed' && leaving === undefined,
    );
  return last?.cursor !== undefined && startEdit(last.id);
}
