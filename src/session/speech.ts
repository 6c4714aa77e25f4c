import { type Content, type Target } from '@/domain/content';
import { TEXT_CHARACTERS_MAX } from '@/domain/limits';
import type { About, MessageWithCursor } from '@/domain/message';
import { isReaction } from '@/domain/reaction';
import type { MemberId } from '@/domain/room';
import type { Speech } from '@/domain/speech';
import { nameFault, textFault } from '@/domain/text-rules';
import type { Heard, Ref, Said } from './messages/talk/heard';

/** A message as it is sent. In a sealed room all of it is in `text`. */
export interface Words {
  readonly text: Speech;
  readonly sender?: Speech;
  readonly about?: About;
}

/** The text of a message in a plain room, and what it is about. */
export function plainPartsOf(content: Content): { text: string; about?: About } {
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
    case 'file':
    case 'room':
      // Their rules are known, and how to show them is not yet.
      return { kind: 'newer' };
  }
}

const mentionsOf = ({ mentions }: { mentions?: MemberId[] | undefined }) =>
  mentions === undefined ? {} : { mentions };

const refOf = ({ id, by }: Target): Ref => ({ id, by });

/** A stored message of a plain room. What the server would refuse may have been written by a library. */
export function hearPlain({ cursor, id, memberId, timestamp, sender, text, about }: MessageWithCursor): Heard {
  const name = sender !== undefined && nameFault(sender) === null ? sender : null;
  return { cursor, id, memberId, sender: name, timestamp, said: plainSaid(text, about) };
}

function plainSaid(text: string, about: MessageWithCursor['about']): Said {
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
