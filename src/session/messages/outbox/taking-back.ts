import type { MessageId } from '@/domain/message';
import type { SessionContext } from '@/session/session-context';
import type { NamedFile, OutboxItems, OutboxMessage } from './outbox-items';
import { createRemovalQueue, type RemovalHandlers, type RemovalQueue } from './removal-queue';
import type { SendQueue } from './send-queue';

export interface TakingBack extends RemovalQueue {
  /**
   * Takes messages of one author back, the first one with its edits and its file. One that the server cannot have is simply gone; one
   * that is on its way, or whose answer was lost, is removed behind that.
   */
  readonly takeBack: (id: MessageId, edits: readonly MessageId[], file?: NamedFile) => void;
  /** The room has a message of one's own: one that the server did not know yet when it was taken back is removed now. */
  readonly noteStored: (id: MessageId) => void;
  /** Messages were taken back by whoever may: none of one's own among them is sent again. */
  readonly noteRemoved: (ids: readonly MessageId[]) => void;
  /** The same for one message of the outbox; its own edits there stay. */
  readonly withdraw: (message: OutboxMessage, edits?: readonly MessageId[]) => void;
  /** Forgets a message that the room has, or had, whatever a repeat of it would be answered. */
  readonly drop: (id: MessageId) => void;
}

/** What happens to messages of the outbox that are not, or no longer, to be sent. */
export function createTakingBack(
  context: SessionContext,
  items: OutboxItems,
  queue: Pick<SendQueue, 'goOn' | 'isSending'>,
  { onTakenBack, onKept }: RemovalHandlers,
): TakingBack {
  /** Taken back while the server did not know them: it may have been slow to store them. */
  const unknown = new Set<MessageId>();
  const removals = createRemovalQueue(context, items, queue.isSending, {
    onKept,
    onTakenBack: (id, isUnknown) => {
      if (isUnknown) unknown.add(id);
      onTakenBack(id, isUnknown);
    },
  });

  function withdraw({ id, tried, content }: OutboxMessage, edits: readonly MessageId[] = []) {
    const file = content.kind === 'file' && { fileId: content.file.fileId };
    if (tried) items.change(id, () => ({ kind: 'removal', id, ids: [id, ...edits], ...file }));
    // The server has its file, but cannot have the message.
    else if (file) items.change(id, () => ({ kind: 'removal', id, ids: [], ...file }));
    else items.remove(id);
    removals.goOn();
    queue.goOn();
  }

  function takeBack(id: MessageId, edits: readonly MessageId[], file?: NamedFile) {
    for (const { id: edit, content } of items.messages())
      if (content.kind === 'edit' && content.id === id) takeBack(edit, []);
    const item = items.find(id);
    if (item?.kind === 'message') withdraw(item, edits);
    else if (item === undefined) {
      items.add({ kind: 'removal', id, ids: [id, ...edits], ...file });
      removals.goOn();
    }
  }

  function drop(id: MessageId) {
    if (items.find(id)?.kind !== 'message') return;
    items.remove(id);
    queue.goOn();
  }

  return {
    goOn: removals.goOn,
    takeBack,
    withdraw,
    drop,
    noteStored: (id) => {
      const item = items.find(id);
      if (unknown.delete(id)) takeBack(id, []);
      // One that is to be repeated is answered as stored, which shows it without a gap, unless that takes its time.
      else if (item?.kind === 'message' && (item.failure !== undefined || items.get().rest !== null)) drop(id);
    },
    noteRemoved: (ids) => ids.forEach(drop),
  };
}
