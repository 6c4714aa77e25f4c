import type * as z from 'zod/mini';
import { begunFileSchema, storedFileSchema, type FileId } from '@/domain/file';
import type { FilePlan } from '@/domain/file-card';
import type { Answer } from '@/domain/failure';
import type { RoomId } from '@/domain/room';
import type { RoomApi } from './api';

/** A piece over the slowest line that anybody waits for: 3 kB a second. */
const PIECE_MS_MAX = 90_000;
const ANSWER_MS_MAX = 15_000;

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
    ms = ANSWER_MS_MAX,
  ): Promise<Answer<T>> {
    const giveUp = new AbortController();
    const stop = () => giveUp.abort();
    const timer = setTimeout(stop, ms);
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop);
    const answer = await request(path, { ...init, signal: giveUp.signal, cache: 'no-store' }, read);
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
    return answer;
  }

  return {
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
        PIECE_MS_MAX,
      ),
    read: (fileId: FileId, index: number, signal: AbortSignal) =>
      timed(pathOf('/piece', { fileId, index }), { signal }, bytesOf, PIECE_MS_MAX),
  };
}

const textsOf = (query: Record<string, string | number>): Record<string, string> =>
  Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)]));

const hasType = (response: Response, type: string) => response.headers.get('content-type')?.startsWith(type) ?? false;

const jsonOf =
  <T>(schema: z.ZodMiniType<T>) =>
  async (response: Response): Promise<T | null> =>
    hasType(response, 'application/json') ? (schema.safeParse(await response.json()).data ?? null) : null;

/** A page that something in between sends with 200 is no piece. */
const bytesOf = async (response: Response): Promise<Uint8Array<ArrayBuffer> | null> =>
  response.status === 200 && hasType(response, 'application/octet-stream')
    ? new Uint8Array(await response.arrayBuffer())
    : null;
