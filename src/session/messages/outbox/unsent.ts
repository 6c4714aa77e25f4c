import type { RoomApi } from '@/client/api';
import type { Failure } from '@/domain/failure';
import { forgetOutbox, keepOutbox, recallOutbox, type KeptMessage } from './outbox-storage';
import type { TabStorage } from '@/lib/tab-storage';
import type { Voice } from '@/crypto/voice';
import { messageIdSchema, sealedContentSchema } from '@/domain/message';
import type { MemberId, Room } from '@/domain/room';
import { nanoid } from 'nanoid';
import { createOutbox, type Outbox, type OutboxItem } from './outbox';
import type { ServerClock } from '@/session/server-clock';
import type { MessageEntry, Placed } from '@/session/messages/transcript';

export interface UnsentEnvironment {
  readonly api: RoomApi;
  readonly storage: TabStorage;
  readonly random: () => number;
  readonly room: Room;
  readonly self: MemberId;
  readonly voice: Voice;
  readonly clock: ServerClock;
  /** When the room ends, on this browser's clock. */
  readonly endsAt: () => number;
  readonly ownName: () => string;
  /** Comes once it is known under which name the others see this member: a message that says another one accuses its sender. */
  readonly named: Promise<void>;
  readonly ownTint: () => number;
  readonly onPending: (entries: readonly MessageEntry[]) => void;
  readonly onStored: (placed: Placed) => void;
  readonly onRefused: (failure: Failure) => void;
}

export interface Unsent extends Pick<Outbox, 'retry' | 'setLine' | 'stop'> {
  readonly send: (text: string) => void;
  /** Takes a message out, unless it is on its way this moment: its text, or null. */
  readonly take: (id: string) => string | null;
  /** All that has not been stored, oldest first. */
  readonly texts: () => readonly string[];
  /** Brings back what was written before this page was loaded. */
  readonly recall: () => Promise<void>;
}

/** One's own messages that are not stored yet: shown at once, kept over a reload, sent in order. */
export function createUnsent(environment: UnsentEnvironment): Unsent {
  const { api, storage, room, self, voice, clock, ownName } = environment;
  const { roomId } = room;
  const outbox = createOutbox({
    random: environment.random,
    post: (message) => api.sendMessage(roomId, message),
    say: async ({ id, text }) => {
      await environment.named;
      const place = { roomId, memberId: self, messageId: id };
      const [sender, sealedText] = await Promise.all([
        voice.say({ ...place, field: 'sender' }, ownName()),
        voice.say({ ...place, field: 'text' }, text),
      ]);
      return { sender, text: sealedText };
    },
    onStored: ({ cursor, timestamp }, item) =>
      environment.onStored({ cursor, entry: { ...entryOf(item), timestamp, state: 'sent' } }),
    onRefused: environment.onRefused,
  });

  function entryOf({ id, text, timestamp, failure }: OutboxItem): MessageEntry {
    const entry = {
      kind: 'message' as const,
      id,
      memberId: self,
      self: true,
      name: ownName(),
      tint: environment.ownTint(),
      text,
      timestamp,
    };
    if (failure !== undefined) return { ...entry, state: 'failed', failure };
    return { ...entry, state: outbox.get().waiting ? 'waiting' : 'sending' };
  }

  function keep(items: readonly OutboxItem[]) {
    // What is said in the open is not put into storage.
    if (!room.sealed) return;
    const messages = items.flatMap(({ id, words, timestamp, failure }): KeptMessage[] => {
      const sealed = sealedContentSchema.safeParse(words);
      return sealed.success ? [{ id, ...sealed.data, timestamp, ...(failure && { refusedFor: failure.reason }) }] : [];
    });
    keepOutbox(storage, roomId, { endsAt: environment.endsAt(), memberId: self, messages });
  }

  const unfollow = outbox.subscribe(() => {
    const { items } = outbox.get();
    environment.onPending(items.map(entryOf));
    keep(items);
  });

  async function recall() {
    const kept = recallOutbox(storage, roomId);
    if (kept === null) return;
    if (kept.memberId !== self) {
      // Sealed for a seat that is gone: no one could open them as ours.
      forgetOutbox(storage, roomId);
      return;
    }
    const texts = await Promise.all(
      kept.messages.map(({ id, text }) => voice.hear({ roomId, memberId: self, messageId: id, field: 'text' }, text)),
    );
    for (const [index, { id, sender, text: sealed, timestamp, refusedFor }] of kept.messages.entries()) {
      const text = texts[index] ?? null;
      if (text === null) continue;
      outbox.add({
        id,
        text,
        timestamp,
        words: { sender, text: sealed },
        ...(refusedFor && { failure: { reason: refusedFor } }),
      });
    }
  }

  return {
    retry: outbox.retry,
    setLine: outbox.setLine,
    stop: () => {
      // What has ended may have been forgotten already: nothing is to be kept after this.
      unfollow();
      outbox.stop();
    },
    send: (text) => outbox.add({ id: messageIdSchema.parse(nanoid()), text, timestamp: clock(), words: null }),
    take: (id) => outbox.take(id)?.text ?? null,
    texts: () => outbox.get().items.map((item) => item.text),
    recall,
  };
}
