import 'server-only';
import { RoomError } from '@/domain/errors';
import { BODY_BYTES_MAX } from '@/domain/limits';

/**
 * The JSON of a request, `{}` when there is no body. Refuses other media types before it reads, and
 * stops reading at the cap, whatever length was announced.
 */
export async function readJsonBody(request: Request): Promise<unknown> {
  const announced = request.headers.get('content-length');
  const chunked = request.headers.has('transfer-encoding');
  if (announced === '0' || request.body === null) return {};
  const mediaType = (request.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase();
  // Node gives every request a body stream, so with nothing announced only reading tells whether there is one.
  const surelyThere = chunked || announced !== null;
  if (mediaType !== 'application/json' && surelyThere) throw new RoomError('unsupported_media_type');
  if (Number(announced) > BODY_BYTES_MAX) throw new RoomError('body_too_large');
  const bytes = await readBytes(request.body);
  if (bytes.length === 0) return {};
  if (mediaType !== 'application/json') throw new RoomError('unsupported_media_type');
  return parseJson(bytes);
}

async function readBytes(body: ReadableStream<Uint8Array>): Promise<Buffer> {
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks);
    length += value.byteLength;
    if (length > BODY_BYTES_MAX) {
      await reader.cancel();
      throw new RoomError('body_too_large');
    }
    chunks.push(value);
  }
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new RoomError('malformed_body', { cause });
  }
}
