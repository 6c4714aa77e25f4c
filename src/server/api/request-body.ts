import 'server-only';
import { RoomError, type RoomReason } from '@/domain/errors';
import { BODY_BYTES_MAX, REKEY_BODY_BYTES_MAX, ROOM_MEMBERS_MAX } from '@/domain/limits';

/** Deeper than any valid request; walking through endless nesting would overflow the stack. */
const NESTING_MAX = 16;
/**
 * The most fields and items of one object or list: something for each member of the largest room. Checking the tens of
 * thousands that fit into a rekey’s body took most of a second, before it was known who asked.
 */
const ENTRIES_MAX = ROOM_MEMBERS_MAX;

const REKEY_PATH = '/api/room/rekey';

/** A rekey has something for each member; nothing else is as large. `url` is a whole one, as a `Request` has it. */
export const bodyBytesMax = (url: string): number =>
  new URL(url).pathname === REKEY_PATH ? REKEY_BODY_BYTES_MAX : BODY_BYTES_MAX;

/**
 * Returns the JSON of a request, `{}` when there is no body. Of another media type it reads only enough to know that there
 * is a body, and of JSON no more than the cap, whatever length was announced.
 */
export async function readJsonBody(request: Request): Promise<unknown> {
  if (request.body === null) return {};
  const mediaType = (request.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase();
  const bytesMax = mediaType === 'application/json' ? bodyBytesMax(request.url) : 0;
  const tooMuch = bytesMax > 0 ? 'body_too_large' : 'unsupported_media_type';
  if (Number(request.headers.get('content-length')) > bytesMax) throw new RoomError(tooMuch);
  const bytes = await readBytes(request.body, bytesMax, tooMuch);
  return bytes.length === 0 ? {} : parseJson(bytes);
}

async function readBytes(body: ReadableStream<Uint8Array>, bytesMax: number, tooMuch: RoomReason): Promise<Buffer> {
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks);
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
