import { useState } from 'react';
import { flushSync } from 'react-dom';
import type { MessageEntry } from '@/session/messages/transcript';
import type { RoomInfo, RoomSession } from '@/session/room-session';
import { actsOn } from './acts';
import type { Opened } from './opened-actions';
import type { MessageKey } from './use-message-keys';

/**
 * Does things with a message, and opens and closes the menu and the picker for it. `onDone`: the composer has something to do and
 * takes the focus.
 */
export function useDeeds(session: RoomSession, info: RoomInfo, onDone: () => void) {
  const [opened, setOpened] = useState<Opened | null>(null);

  function close(at: HTMLElement) {
    setOpened(null);
    // The focus was in the part that goes.
    if (opened?.by === 'key') at.focus({ preventScroll: true });
  }

  function compose(hasBegun: boolean): boolean {
    setOpened(null);
    if (hasBegun) onDone();
    return hasBegun;
  }
  const reply = ({ id, memberId: by }: MessageEntry) => compose(session.startReply({ id, by }));
  const edit = ({ id }: MessageEntry) => compose(session.startEdit(id));

  function takeBack({ id, memberId, state }: MessageEntry, at: HTMLElement, byKey: boolean) {
    setOpened(null);
    // Nobody else has it: there is nothing that the others could miss.
    if (state !== 'sent') {
      session.takeBack(id, memberId);
      onDone();
      return;
    }
    flushSync(() => session.takeBackSoon(id, memberId));
    if (byKey) at.querySelector<HTMLElement>('[data-undo]')?.focus({ preventScroll: true });
  }

  function react({ id, memberId: by, reactions }: MessageEntry, emoji: string, at: HTMLElement) {
    const isMine = reactions?.some((reaction) => reaction.mine && reaction.emoji === emoji) === true;
    (isMine ? session.unreact : session.react)({ id, by }, emoji);
    close(at);
  }

  function press(key: MessageKey, message: MessageEntry, at: HTMLElement): boolean {
    const acts = actsOn(message, info);
    if (key === 'reply') return acts.mayAnswer && reply(message);
    if (key === 'edit') return acts.mayEdit && edit(message);
    if (key === 'take-back') {
      if (acts.mayTakeBack) takeBack(message, at, true);
      return acts.mayTakeBack;
    }
    if (key === 'pick' && !acts.mayAnswer) return false;
    const anchor = at.querySelector('[data-bubble]') ?? at;
    setOpened({ view: key === 'menu' ? 'menu' : 'picker', host: at, anchor, by: 'key' });
    return true;
  }

  return { opened, open: setOpened, forget: () => setOpened(null), close, reply, edit, takeBack, react, press };
}
