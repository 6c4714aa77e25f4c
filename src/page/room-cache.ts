import type { RoomView } from '@/client/api';
import type { Answer } from '@/domain/failure';
import type { RoomId } from '@/domain/room';
import type { Timed } from '@/session/server-clock';

/** A room that was made or read this recently is not requested again. */
const FRESH_MS = 10_000;

type RoomRead = Timed<Answer<RoomView>>;

export interface RoomCache {
  /** What `read` returns, or a read of the same room that is under way or fresh. Only rooms are kept, not failures. */
  readonly read: (roomId: RoomId, read: () => Promise<RoomRead>) => Promise<RoomRead>;
  /** Lets the page of a room that was just made start without requesting it. */
  readonly put: (view: Timed<RoomView>) => void;
  readonly forget: (roomId: RoomId) => void;
}

export function createRoomCache(): RoomCache {
  const reads = new Map<RoomId, { read: Promise<RoomRead>; keptAt: number }>();

  function keep(roomId: RoomId, read: Promise<RoomRead>) {
    const now = Date.now();
    for (const [id, { keptAt }] of reads) if (now - keptAt >= FRESH_MS) reads.delete(id);
    reads.set(roomId, { read, keptAt: now });
  }

  return {
    read: async (roomId, readNow) => {
      const kept = reads.get(roomId);
      if (kept !== undefined && Date.now() - kept.keptAt < FRESH_MS) return kept.read;
      const read = readNow();
      keep(roomId, read);
      const { ok } = (await read).value;
      if (!ok && reads.get(roomId)?.read === read) reads.delete(roomId);
      return read;
    },
    put: ({ value: view, at }) => keep(view.roomId, Promise.resolve({ value: { ok: true, value: view }, at })),
    forget: (roomId) => {
      reads.delete(roomId);
    },
  };
}

/** One for the whole visit, since the front page makes a room and the room's page reads it. */
export const roomCache = createRoomCache();
