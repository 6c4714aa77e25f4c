import { onTestFinished, vi } from 'vitest';
import { type Cursor, CURSOR_START, cursorSchema, messageIdSchema } from '@/domain/message';
import type { MemberId, RoomId } from '@/domain/room';
import { hashToken } from '@/server/auth/tokens';
import { RoomHub } from '@/server/realtime/hub';
import { readEvents } from '@/server/realtime/read-events';
import type { ServerContext } from '@/server/services/context';
import { joinRoom } from '@/server/services/join-room';
import { openRoom } from '@/server/services/open-room';
import { sendMessage } from '@/server/services/send-message';
import { takeBack } from '@/server/services/take-back';
import { type Storage, storageOver } from '@/server/storage/client';
import { createEmbeddedRequester } from '@/server/storage/embedded/requester';
import { readLeftMs } from '@/server/storage/extension';
import { reportPresence } from '@/server/storage/presence';
import { type FaultyRequester, withFaults } from './faulty-requester';
import { recordRequests, type RecordingRequester } from './recording-requester';

export interface InMemorySeat {
  readonly memberId: MemberId;
  readonly token: string;
}

/** Well below every time in a stream. */
const STEP_MS = 100;

/** A room in a storage of its own. Its followers reach it by a way with faults, and its members by one without. */
export interface RoomInMemory {
  readonly roomId: RoomId;
  readonly owner: InMemorySeat;
  readonly context: ServerContext;
  /** The way with faults. */
  readonly storage: Storage;
  readonly faulty: FaultyRequester;
  /** The commands that took the way with faults. */
  readonly recorded: RecordingRequester['recorded'];
  readonly clock: { ms: number; now(): number };
  command(name: string, ...args: (string | number)[]): Promise<unknown>;
  join(): Promise<InMemorySeat>;
  /** Stores and publishes a message, a millisecond after the last, and returns its place. */
  say(text: string, about?: { id?: string; edits?: string }): Promise<Cursor>;
  /** Takes messages back, a millisecond after the last event. */
  takeBack(...ids: string[]): Promise<void>;
  /** Stores a message as the library does, without publishing it yet. */
  store(text: string): Promise<Cursor>;
  /** Publishes a stored message as the library does. */
  publish(id: Cursor, text: string): Promise<void>;
  /** Lets time pass, here and in the storage. */
  pass(ms: number): Promise<void>;
}

/** Time is virtual, so the caller has to use fake timers. */
export async function roomInMemory(lifetimeMs = 600_000, maxMembers = 300): Promise<RoomInMemory> {
  const clock = { ms: 1_800_000_000_000, now: () => clock.ms };
  const embedded = createEmbeddedRequester({ clock });
  onTestFinished(() => embedded.close());
  const close = () => Promise.resolve();
  const plain = storageOver('embedded', { requester: embedded, close });
  const context: ServerContext = {
    storage: plain,
    hub: new RoomHub({ redis: plain.redis, rateLimits: false }),
    rateLimits: false,
    files: null,
    lobby: null,
  };
  const { room, seat, token } = await openRoom(context, { lifetimeMs, maxMembers });
  const { roomId } = room;
  const faulty = withFaults(embedded);
  const recording = recordRequests(faulty);
  const storage = storageOver('embedded', { requester: recording, close });
  // The hash of a script is computed outside of virtual time, before its first run.
  await readEvents(storage.redis, roomId, CURSOR_START);
  const nobody = { processId: 'nobody', leaseMs: 1, gapMs: 1, knownTurn: 0, here: [], away: [] };
  await reportPresence(storage.redis, { roomId, ...nobody });
  await readLeftMs(storage.redis, { roomId });
  recording.recorded.length = 0;

  const command = async (name: string, ...args: (string | number)[]) => {
    const { result, error } = await embedded.request({ body: [name, ...args] });
    if (error !== undefined) throw new Error(error);
    return result;
  };
  const dataOf = (text: string) =>
    JSON.stringify({ id: 'by-another', roomId, memberId: seat.memberId, sender: 'x', text, timestamp: clock.ms });
  return {
    roomId,
    owner: { memberId: seat.memberId, token },
    context,
    storage,
    faulty,
    recorded: recording.recorded,
    clock,
    command,
    join: async () => {
      const joined = await joinRoom(context, { roomId, tokenHash: '', address: 'here' });
      if ('knockId' in joined || joined.token === null) throw new Error('no seat was given');
      return { memberId: joined.seat.memberId, token: joined.token };
    },
    say: async (text, { id, edits } = {}) => {
      clock.ms += 1;
      const { message } = await sendMessage(context, {
        roomId,
        tokenHash: hashToken(token),
        sender: 'x',
        text,
        ...(id !== undefined && { id: messageIdSchema.parse(id) }),
        ...(edits !== undefined && { about: { kind: 'edit', id: messageIdSchema.parse(edits) } }),
        address: '192.0.2.1',
      });
      return message.cursor;
    },
    takeBack: async (...ids) => {
      clock.ms += 1;
      const named = ids.map((id) => messageIdSchema.parse(id));
      await takeBack(context, { roomId, tokenHash: hashToken(token), ids: named });
    },
    store: async (text) => {
      clock.ms += 1;
      return cursorSchema.parse(
        await command('XADD', roomId, '*', 'data', dataOf(text), 'event', 'chat.message', 'channel', roomId),
      );
    },
    publish: async (id, text) => {
      await command(
        'PUBLISH',
        roomId,
        JSON.stringify({ data: JSON.parse(dataOf(text)) as unknown, event: 'chat.message', channel: roomId, id }),
      );
    },
    pass: async (ms) => {
      // In small steps, because the commands that a timer sends to the storage run at the end of a step.
      for (let left = ms; left >= 0; left -= STEP_MS) {
        const step = Math.min(left, STEP_MS);
        clock.ms += step;
        await vi.advanceTimersByTimeAsync(step);
        if (left === STEP_MS) return;
      }
    },
  };
}
