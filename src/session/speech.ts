import type { Voice } from '@/crypto/voice';
import { parseContent, type Content, type Target } from '@/domain/content';
import { TEXT_CHARACTERS_MAX, SEALED_CONTENT_BYTES_MAX } from '@/domain/limits';
import type { About, Message, MessageId, MessageWithCursor } from '@/domain/message';
import { isReaction } from '@/domain/reaction';
import type { MemberId } from '@/domain/room';
import type { Speech } from '@/domain/speech';
import { nameFault, textFault } from '@/domain/text-rules';
import type { Heard, Ref, Said } from './messages/talk/heard';
import type { SessionContext } from './session-context';

/** A message as it is sent. */
export interface Words {
  sender: Speech;
  text: Speech;
  /** In plain rooms. */
  about?: About;
}

type Speaker = Pick<SessionContext, 'roomId' | 'self' | 'voice' | 'room'>;

const encoder = new TextEncoder();

/** Whether a content can be sealed. In a plain room the limits of its parts are all there is. */
export function fitsSeal({ room }: Pick<Speaker, 'room'>, content: Content): boolean {
  return !room.get().sealed || encoder.encode(JSON.stringify(content)).length <= SEALED_CONTENT_BYTES_MAX;
}

/** Turns a content into what is sent: sealed whole in a sealed room, else as a text and what it is about. */
export async function sayMessage(
  { roomId, self: memberId, voice, room }: Speaker,
  messageId: MessageId,
  name: string,
  content: Content,
): Promise<Words> {
  const place = { roomId, memberId, messageId };
  const { text, about } = room.get().sealed ? { text: JSON.stringify(content) } : plainPartsOf(content);
  const [sender, said] = await Promise.all([
    voice.say({ ...place, field: 'sender' }, name),
    voice.say({ ...place, field: 'text' }, text),
  ]);
  return { sender, text: said, ...(about && { about }) };
}

/** The text of a message in a plain room, and what it is about. */
function plainPartsOf(content: Content): { text: string; about?: About } {
  switch (content.kind) {
    case 'text':
      return { text: content.text, ...(content.re && { about: { kind: 'reply', id: content.re.id } }) };
    case 'reaction':
      return { text: content.emoji, about: { kind: 'reaction', id: content.on.id } };
    case 'edit':
      return { text: content.text, about: { kind: 'edit', id: content.id } };
    case 'file':
    case 'room':
      throw new TypeError(`a plain room takes no content of the kind ${content.kind}`);
  }
}

/** Opens a stored message of either kind of room. */
export async function hearMessage(
  { roomId, voice, room }: Speaker,
  { cursor, id, memberId, timestamp, sender, text, about }: MessageWithCursor,
): Promise<Heard> {
  const place = { roomId, memberId, messageId: id };
  const [name, opened] = await Promise.all([
    hear(voice, { ...place, field: 'sender' }, sender, nameFault),
    voice.hear({ ...place, field: 'text' }, text),
  ]);
  const said = room.get().sealed ? sealedSaid(opened, memberId) : plainSaid(opened, about);
  return { cursor, id, memberId, sender: name, timestamp, said };
}

function sealedSaid(opened: string | null, author: MemberId): Said {
  const content = opened === null ? null : parseContent(opened);
  if (content === null) return { kind: 'unopened' };
  return content === 'newer' ? { kind: 'newer' } : saidOf(content, author);
}

/** A content of one's own or one that was opened, as the transcript takes it. */
export function saidOf(content: Content, author: MemberId): Said {
  switch (content.kind) {
    case 'text':
      return { kind: 'text', text: content.text, ...(content.re && { re: refOf(content.re) }) };
    case 'reaction':
      return { kind: 'reaction', emoji: content.emoji, on: refOf(content.on) };
    case 'edit':
      return { kind: 'edit', text: content.text, n: content.n, of: { id: content.id, by: author } };
    case 'file':
    case 'room':
      // Their rules are known, and how to show them is not yet.
      return { kind: 'newer' };
  }
}

const refOf = ({ id, by }: Target): Ref => ({ id, by });

function plainSaid(text: string | null, about: Message['about']): Said {
  if (text === null) return { kind: 'unopened' };
  if (about?.kind === 'reaction')
    return isReaction(text) ? { kind: 'reaction', emoji: text, on: { id: about.id } } : { kind: 'unopened' };
  if (textFault(text, TEXT_CHARACTERS_MAX) !== null) return { kind: 'unopened' };
  switch (about?.kind) {
    case undefined:
      return { kind: 'text', text };
    case 'reply':
      return { kind: 'text', text, re: { id: about.id } };
    case 'edit':
      return { kind: 'edit', text, n: 0, of: { id: about.id } };
    default:
      // The answer of a server that is newer than this page.
      return { kind: 'newer' };
  }
}

/** Seals one's own name, where the room is sealed. */
export function sayName({ roomId, self, voice }: Speaker, name: string): Promise<Speech> {
  return voice.say({ roomId, memberId: self, messageId: '-', field: 'name' }, name);
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
