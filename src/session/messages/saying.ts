import { contentSchema, type Content, type RoomOffer, type Target } from '@/domain/content';
import type { MessageId } from '@/domain/message';
import type { MemberId } from '@/domain/room';
import type { SessionContext } from '@/session/session-context';
import type { Addressing } from './addressing';
import type { Outbox } from './outbox/outbox';
import type { LogStore } from './transcript-store';

/** What a member says about messages. What breaks the rules, or is too long to be sealed, is not sent: false. */
export interface Saying {
  readonly reply: (to: Target, text: string) => boolean;
  readonly react: (on: Target, emoji: string) => boolean;
  /** Takes one's own reaction back. */
  readonly unreact: (on: Target, emoji: string) => void;
  /** Gives one's own message another text. */
  readonly edit: (id: MessageId, text: string) => boolean;
  /** Takes a message back, with its edits; `by`: whose it is, where an owner does it. */
  readonly takeBack: (id: MessageId, by?: MemberId) => void;
  /** Offers another room to everybody here. A plain room has no field for that: there, its link is the text. */
  readonly offerRoom: (offer: RoomOffer) => boolean;
}

export function createSaying(
  context: SessionContext,
  addressing: Addressing,
  outbox: Outbox,
  log: LogStore,
  onSend: () => void,
): Saying {
  const { self, room, over, voice, links } = context;

  function say(content: Content): boolean {
    if (over.aborted || !voice.canSpeak) return false;
    if (!contentSchema.safeParse(content).success || !voice.fits(content)) return false;
    outbox.send(content);
    onSend();
    return true;
  }

  const editsOf = (id: MessageId, by: MemberId) =>
    log.find({ id, by })?.edits.filter(({ memberId }) => memberId === by) ?? [];

  /** One's own edits count up, those that are still on their way included. */
  function nextEdit(id: MessageId): number {
    const pending = outbox
      .messages()
      .map(({ content }) => (content.kind === 'edit' && content.id === id ? content.n : 0));
    return Math.max(0, ...pending, ...editsOf(id, self).map(({ said }) => said.n)) + 1;
  }

  return {
    reply: (to, text) => say({ kind: 'text', text, re: to, ...addressing(text) }),
    react: (on, emoji) => say({ kind: 'reaction', emoji, on }),
    unreact: (on, emoji) => {
      if (over.aborted) return;
      const stored = log.find(on)?.reactions?.of(self, emoji) ?? [];
      const pending = outbox
        .messages()
        .filter(({ content }) => content.kind === 'reaction' && content.emoji === emoji && content.on.id === on.id);
      for (const id of new Set([...stored, ...pending].map((message) => message.id))) outbox.takeBack(id, []);
    },
    offerRoom: ({ roomId, secret }) =>
      say(
        room.get().sealed
          ? { kind: 'room', roomId, ...(secret !== undefined && { secret }) }
          : // The server reads it, so no key may stand in it.
            { kind: 'text', text: links.linkTo({ roomId }) },
      ),
    edit: (id, text) => say({ kind: 'edit', id, n: nextEdit(id), text, ...addressing(text) }),
    takeBack: (id, by = self) => {
      if (over.aborted) return;
      // The server of a plain room knows the edits itself.
      const said = log.find({ id, by })?.message?.said;
      // Its author may have named a file of somebody else.
      const file = said?.kind === 'file' ? { fileId: said.file.fileId, memberId: by } : undefined;
      outbox.takeBack(id, room.get().sealed ? editsOf(id, by).map((edit) => edit.id) : [], file);
    },
  };
}
