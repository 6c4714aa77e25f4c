import type { RoomId } from '@/domain/room';
import type { TabStorage } from '@/lib/tab-storage';
import { keepOutbox as keepOn, parseOutbox, type KeptOutbox } from '@/session/messages/outbox/outbox-storage';
import { createShelf } from '@/session/shelf';

/** What a tab keeps of messages that were not sent, where its browser keeps nothing longer. */
export const recallOutbox = (storage: TabStorage, roomId: RoomId): KeptOutbox | null =>
  parseOutbox(storage.getItem(`mayfly:outbox:${roomId}`));

export function keepOutbox(storage: TabStorage, roomId: RoomId, outbox: KeptOutbox): void {
  const page = { follow: () => () => undefined };
  keepOn(createShelf({ roomId, storage, lasting: undefined, page, over: new AbortController().signal }), outbox);
}
