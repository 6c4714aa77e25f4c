import 'server-only';
import { RoomError } from '@/domain/errors';
import { pieceBytesOf } from '@/domain/file';
import { BODY_BYTES_MAX, REKEY_BODY_BYTES_MAX } from '@/domain/limits';
import { ROOM_MEMBERS_MAX } from '@/domain/room-limits';
import type { RoomReason } from '@/domain/room-reasons';

/** Deeper than any valid request; walking through endless nesting would overflow the stack. */
const NESTING_MAX = 16;
/**
 * The most fields and items of one object or list: something for each member of the largest room. Checking the tens of
 * thousands that fit into a rekey’s body took most of a second, before it was known who asked.
 */
const ENTRIES_MAX = ROOM_MEMBERS_MAX;

const REKEY_PATH = '/api/room/rekey';

const PIECE_PATH = '/api/files/piece';
/** The largest piece of either kind of room; which one this is, only the storage knows. */
const PIECE_BYTES_MAX = pieceBytesOf(true);

/** A rekey has something for each member, and a piece of a file is as large. `url` is a whole one, as a `Request` has it. */
export function bodyBytesMax(url: string): number {
  const { pathname } = new URL(url);
  if (pathname === PIECE_PATH) return PIECE_BYTES_MAX;
  return pathname === REKEY_PATH ? REKEY_BODY_BYTES_MAX : BODY_BYTES_MAX;
}

const mediaTypeOf = (request: Request) =>
  (request.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase();

/**
 * Returns the JSON of a request, `{}` when there is no body. Of another media type it reads only enough to know that there
 * is a body, and of JSON no more than the cap, whatever length was announced.
 */
export async function readJsonBody(request: Request): Promise<unknown> {
  if (request.body === null) return {};
  const bytesMax = mediaTypeOf(request) === 'application/json' ? bodyBytesMax(request.url) : 0;
  const tooMuch = bytesMax > 0 ? 'body_too_large' : 'unsupported_media_type';
  if (Number(request.headers.get('content-length')) > bytesMax) throw new RoomError(tooMuch);
  const bytes = await readBytes(request.body, bytesMax, tooMuch);
  return bytes.length === 0 ? {} : parseJson(bytes);
}

/** The body of a piece, still unread; null when none was sent. One that is too large by what was announced is refused now. */
export function checkOctets(request: Request): ReadableStream<Uint8Array> | null {
  if (request.body === null) return null;
  if (mediaTypeOf(request) !== 'application/octet-stream') throw new RoomError('unsupported_media_type');
  if (Number(request.headers.get('content-length')) > PIECE_BYTES_MAX) throw new RoomError('body_too_large');
  return request.body;
}

/** Returns the bytes of a piece, and reads no more than the largest one has, whatever length was announced. */
export const readOctets = async (body: ReadableStream<Uint8Array> | null): Promise<Uint8Array> =>
  body === null ? new Uint8Array() : readBytes(body, PIECE_BYTES_MAX, 'body_too_large');

/** Node’s requests come in one chunk, which is not copied. */
function wholeOf(chunks: readonly Uint8Array[]): Buffer {
  const [first = new Uint8Array()] = chunks;
  return chunks.length > 1 ? Buffer.concat(chunks) : Buffer.from(first.buffer, first.byteOffset, first.length);
}

async function readBytes(body: ReadableStream<Uint8Array>, bytesMax: number, tooMuch: RoomReason): Promise<Buffer> {
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return wholeOf(chunks);
    length += value.byteLength;
    if (length > bytesMax) {
      await reader.cancel();
      throw new RoomError(tooMuch);
    }
    chunks.push(value);
  }
}

function parseJson(bytes: Buffer): unknown {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new RoomError('malformed_body', { cause });
  }
  if (!isNestedWithin(json, NESTING_MAX)) throw invalid(`is nested deeper than ${NESTING_MAX} levels`);
  if (!hasEntriesWithin(json, ENTRIES_MAX)) throw invalid(`has more than ${ENTRIES_MAX} entries in one place`);
  return json;
}

const invalid = (message: string) => new RoomError('invalid_request', { faults: [{ path: '', message }] });

function isNestedWithin(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => isNestedWithin(inner, levels - 1));
}

function hasEntriesWithin(value: unknown, entriesMax: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  const inside: unknown[] = Object.values(value);
  return inside.length <= entriesMax && inside.every((inner) => hasEntriesWithin(inner, entriesMax));
}
