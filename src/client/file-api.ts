import type * as z from 'zod/mini';
import { FILE_PIECE_BYTES, FILE_PIECE_SEAL_BYTES } from '@/domain/limits';
import type { FileId } from '@/domain/file';
import { begunFileSchema, storedFileSchema } from '@/domain/stored-file';
import type { FilePlan } from '@/domain/file-card';
import type { Answer } from '@/domain/failure';
import type { RoomId } from '@/domain/room';
import type { RoomApi } from './api';

/** A piece over the slowest line that anybody waits for: 1.5 kB a second. The server cuts a body that takes longer. */
const PIECE_MS_MAX = 180_000;
const ANSWER_MS_MAX = 15_000;
/** A piece on its way while the next one is sealed or opened; messages still find a connection. */
const PIECES_AT_ONCE = 2;
/** Two pieces that took as long as this one each would both get through in time. */
const QUICK_MS = 60_000;

export type FileApi = ReturnType<typeof createFileApi>;

/** The calls about a room's files, whose bodies and answers are bytes. No call throws. */
export function createFileApi({ request }: Pick<RoomApi, 'request'>, roomId: RoomId) {
  const pathOf = (path: string, query: Record<string, string | number> = {}) =>
    `/api/files${path}?${new URLSearchParams({ roomId, ...textsOf(query) }).toString()}`;

  /** Gives a call up when its time is over, or when nobody wants it any more. */
  async function timed<T>(
    path: string,
    { signal, ...init }: RequestInit,
    read: (response: Response) => Promise<T | null>,
    { ms = ANSWER_MS_MAX, width }: { ms?: number; width?: Width } = {},
  ): Promise<Answer<T>> {
    const giveUp = new AbortController();
    const stop = () => giveUp.abort();
    const since = Date.now();
    const timer = setTimeout(() => {
      width?.noteLate();
      stop();
    }, ms);
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop);
    const answer = await request(path, { ...init, signal: giveUp.signal, cache: 'no-store' }, read);
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
    if (answer.ok && Date.now() - since <= QUICK_MS) width?.noteQuick();
    return answer;
  }

  const [up, down] = [createWidth(), createWidth()];

  return {
    /** How many pieces may be on their way in each direction: one, after one has not got through in time and until one does quickly. */
    atOnce: { up: up.get, down: down.get },
    /** The same again is answered alike. */
    begin: (id: FileId, { bytes, pieces }: FilePlan, signal: AbortSignal) =>
      timed(
        pathOf(''),
        {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ id, bytes, pieces }),
          signal,
        },
        jsonOf(begunFileSchema),
      ),
    look: (fileId: FileId, signal: AbortSignal) => timed(pathOf('', { fileId }), { signal }, jsonOf(storedFileSchema)),
    put: (fileId: FileId, index: number, piece: Uint8Array<ArrayBuffer>, signal: AbortSignal) =>
      timed(
        pathOf('/piece', { fileId, index }),
        { method: 'PUT', headers: { 'content-type': 'application/octet-stream' }, body: piece, signal },
        ({ status }) => Promise.resolve(status === 204 || null),
        { ms: PIECE_MS_MAX, width: up },
      ),
    read: (fileId: FileId, index: number, signal: AbortSignal) =>
      timed(pathOf('/piece', { fileId, index }), { signal }, pieceIn, { ms: PIECE_MS_MAX, width: down }),
  };
}

const textsOf = (query: Record<string, string | number>): Record<string, string> =>
  Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)]));

const hasType = (response: Response, type: string) => response.headers.get('content-type')?.startsWith(type) ?? false;

const jsonOf =
  <T>(schema: z.ZodMiniType<T>) =>
  async (response: Response): Promise<T | null> =>
    hasType(response, 'application/json') ? (schema.safeParse(await response.json()).data ?? null) : null;

/** A page that something in between sends with 200 is no piece, and neither is what is longer than any: it may have no end. */
async function pieceIn(response: Response): Promise<Uint8Array<ArrayBuffer> | null> {
  if (response.status !== 200 || !hasType(response, 'application/octet-stream') || response.body === null) return null;
  const reader = response.body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > FILE_PIECE_BYTES + FILE_PIECE_SEAL_BYTES) {
      await reader.cancel();
      return null;
    }
    chunks.push(value);
  }
  const piece = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    piece.set(chunk, at);
    at += chunk.length;
  }
  return piece;
}

interface Width {
  readonly get: () => number;
  readonly noteLate: () => void;
  readonly noteQuick: () => void;
}

/** Pieces that share a slow line are each late, where one by itself would not be. */
function createWidth(): Width {
  let isSlow = false;
  return {
    get: () => (isSlow ? 1 : PIECES_AT_ONCE),
    noteLate: () => {
      isSlow = true;
    },
    noteQuick: () => {
      isSlow = false;
    },
  };
}
