import type { MessageEntry } from '@/session/messages/transcript';
import type { RoomInfo } from '@/session/room-session';

/** What the reader may do with a message. */
export interface Acts {
  readonly mayAnswer: boolean;
  readonly mayCopy: boolean;
  readonly mayEdit: boolean;
  readonly mayTakeBack: boolean;
}

export function actsOn(
  { self, state, text, file }: MessageEntry,
  { you, muted }: Pick<RoomInfo, 'you' | 'muted'>,
): Acts {
  const isStored = state === 'sent';
  const mayAnswer = isStored && muted === null;
  return {
    mayAnswer,
    mayCopy: text !== null && text !== '',
    // The words of a file stay as they were sent with it.
    mayEdit: mayAnswer && self && text !== null && file === undefined,
    mayTakeBack: self || (isStored && you.owner),
  };
}

/** One that was taken back, or refused, has ways of its own. */
export const hasActs = ({ leaving, state }: MessageEntry): boolean => leaving === undefined && state !== 'failed';
