import { type Content, type Target } from '@/domain/content';
import type { MessageFile } from '@/domain/file';
import type { FileCard } from '@/domain/file-card';
import { TEXT_CHARACTERS_MAX } from '@/domain/limits';
import type { About, MessageWithCursor } from '@/domain/message';
import { isReaction } from '@/domain/reaction';
import type { MemberId } from '@/domain/room';
import type { Speech } from '@/domain/speech';
import { nameFault, textFault } from '@/domain/text-rules';
import { sharedFileOf } from './files/shared-file';
import type { Heard, Ref, Said } from './messages/talk/heard';

/** A message as it is sent. In a sealed room all of it is in `text`. */
export interface Words {
  readonly text: Speech;
  readonly sender?: Speech;
  readonly about?: About;
  /** In a plain room, where no card is sealed. */
  readonly file?: MessageFile;
}

/** The text of a message in a plain room, and what it is about. */
export function plainPartsOf(content: Content): { text: string; about?: About; file?: MessageFile } {
  switch (content.kind) {
    case 'text':
      return { text: content.text, ...(content.re && { about: { kind: 'reply', id: content.re.id } }) };
    case 'reaction':
      return { text: content.emoji, about: { kind: 'reaction', id: content.on.id } };
    case 'edit':
      return { text: content.text, about: { kind: 'edit', id: content.id } };
    case 'file': {
      if ('key' in content.file) throw new TypeError('a plain room takes no sealed file');
      return { text: content.text ?? '', file: content.file };
    }
    case 'room':
      throw new TypeError(`a plain room takes no content of the kind ${content.kind}`);
  }
}

/** A content of one's own or one that was opened, as the transcript takes it. */
export function saidOf(content: Content, author: MemberId): Said {
  switch (content.kind) {
    case 'text':
      return { kind: 'text', text: content.text, ...(content.re && { re: refOf(content.re) }), ...mentionsOf(content) };
    case 'reaction':
      return { kind: 'reaction', emoji: content.emoji, on: refOf(content.on) };
    case 'edit':
      return {
        kind: 'edit',
        text: content.text,
        n: content.n,
        of: { id: content.id, by: author },
        ...mentionsOf(content),
      };
    case 'room': {
      const { roomId, secret } = content;
      return { kind: 'room', offer: { roomId, ...(secret !== undefined && { secret }) } };
    }
    case 'file':
      return fileSaid(content.file, content.text);
  }
}

/** A name from others is made safe wherever it is shown. */
const fileSaid = (file: FileCard | MessageFile, text?: string): Said => ({
  kind: 'file',
  file: sharedFileOf(file),
  ...(text !== undefined && { text }),
});

const mentionsOf = ({ mentions }: { mentions?: MemberId[] | undefined }) =>
  mentions === undefined ? {} : { mentions };

const refOf = ({ id, by }: Target): Ref => ({ id, by });

/** A stored message of a plain room. What the server would refuse may have been written by a library. */
export function hearPlain(message: MessageWithCursor): Heard {
  const { cursor, id, memberId, timestamp, sender } = message;
  const name = sender !== undefined && nameFault(sender) === null ? sender : null;
  return { cursor, id, memberId, sender: name, timestamp, said: plainSaid(message) };
}

function plainSaid({ text, about, file }: MessageWithCursor): Said {
  if (about?.kind === 'reaction')
    return isReaction(text) ? { kind: 'reaction', emoji: text, on: { id: about.id } } : { kind: 'unopened' };
  if (file !== undefined && text === '') return fileSaid(file);
  if (textFault(text, TEXT_CHARACTERS_MAX) !== null) return { kind: 'unopened' };
  if (file !== undefined) return fileSaid(file, text);
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
