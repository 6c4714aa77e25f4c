import { useState, type RefObject } from 'react';
import { useRoomInfo } from '@/hooks/use-room-info';
import { useSendMessage } from '@/hooks/use-send-message';
import type { RoomSession } from '@/session/room-session';
import { commandIn, type Command } from './commands';

interface Sending {
  /** Does what the draft says: sends it, or runs its command. */
  readonly sendDraft: () => void;
  /** The draft looks like a command and is none: sending it once more sends it as it is. */
  readonly isAsked: boolean;
  readonly forget: () => void;
}

interface SendingSettings {
  field: RefObject<HTMLTextAreaElement | null>;
  /** Whether what asks is there. */
  canAsk: boolean;
  onHelp: () => void;
}

export function useSending(session: RoomSession, { field, canAsk, onHelp }: SendingSettings): Sending {
  const { draft, fault, mode, setDraft, send } = useSendMessage(session);
  const { muted } = useRoomInfo(session);
  const [asked, setAsked] = useState<string | null>(null);
  const isAsked = asked !== null && asked === draft;
  const focus = () => field.current?.focus({ preventScroll: true });

  function run(command: Exclude<Command, 'unknown'>) {
    setDraft('');
    session.signals.typed('');
    if (command === 'clear') session.clearScreen();
    else onHelp();
  }

  return {
    isAsked,
    forget: () => setAsked(null),
    sendDraft: () => {
      // Where the field stays visible and something else takes the focus, that gives it back here.
      focus();
      const command = mode.kind === 'edit' ? null : commandIn(draft);
      if (command === 'unknown' && !isAsked && canAsk) {
        setAsked(draft);
        return;
      }
      setAsked(null);
      if (command === 'clear' || command === 'help') run(command);
      else if (fault === null && muted === null) send();
    },
  };
}
