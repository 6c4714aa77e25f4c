import type { Voice } from '@/crypto/voice';
import { TEXT_CHARACTERS_MAX } from '@/domain/limits';
import type { Message, MessageId } from '@/domain/message';
import type { MemberId } from '@/domain/room';
import type { Speech } from '@/domain/speech';
import { nameFault, textFault } from '@/domain/text-rules';
import type { SaidMessage } from './messages/transcript';
import type { SessionContext } from './session-context';

/** The words of a message as they go out. */
export type Words = Record<'sender' | 'text', Speech>;

type Speaker = Pick<SessionContext, 'roomId' | 'self' | 'voice'>;

/** Seals a message of one's own, where the room is sealed. */
export async function sayMessage(
  { roomId, self: memberId, voice }: Speaker,
  messageId: MessageId,
  name: string,
  text: string,
): Promise<Words> {
  const place = { roomId, memberId, messageId };
  const [sender, said] = await Promise.all([
    voice.say({ ...place, field: 'sender' }, name),
    voice.say({ ...place, field: 'text' }, text),
  ]);
  return { sender, text: said };
}

/** Seals one's own name, where the room is sealed. */
export function sayName({ roomId, self, voice }: Speaker, name: string): Promise<Speech> {
  return voice.say({ roomId, memberId: self, messageId: '-', field: 'name' }, name);
}

/** Unseals a message. Its name and its text are null when they cannot be opened. */
export async function hearMessage({ roomId, self, voice }: Speaker, message: Message): Promise<SaidMessage> {
  const { id, memberId, timestamp } = message;
  const place = { roomId, memberId, messageId: id };
  const [sender, text] = await Promise.all([
    hear(voice, { ...place, field: 'sender' }, message.sender, nameFault),
    hear(voice, { ...place, field: 'text' }, message.text, (opened) => textFault(opened, TEXT_CHARACTERS_MAX)),
  ]);
  return { kind: 'message', id, memberId, self: memberId === self, sender, text, timestamp, state: 'sent' };
}

/** Unseals a member's name. Null when it cannot be opened or is not a name; a name that the server does not have stays undefined. */
export async function hearName(
  { roomId, voice }: Speaker,
  memberId: MemberId,
  name: string | undefined,
): Promise<string | null | undefined> {
  return name === undefined
    ? undefined
    : hear(voice, { roomId, memberId, messageId: '-', field: 'name' }, name, nameFault);
}

/** Strings sealed by anyone but the member in `place` do not open; what a plain room would refuse counts as not opened. */
async function hear(
  voice: Voice,
  place: Parameters<Voice['hear']>[0],
  said: string,
  faultOf: (opened: string) => unknown,
): Promise<string | null> {
  const opened = await voice.hear(place, said);
  return opened !== null && faultOf(opened) === null ? opened : null;
}
