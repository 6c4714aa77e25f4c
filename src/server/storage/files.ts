import 'server-only';
import type { Redis } from '@upstash/redis';
import * as z from 'zod/mini';
import { RoomError } from '@/domain/errors';
import { pieceBytesOf, type FileId } from '@/domain/file';
import { storedFileSchema, type BegunFile, type StoredFile } from '@/domain/stored-file';
import { FILE_SHARES, FILES } from './lua/files';
import { PACES } from './lua/rates';
import { roomScript } from './lua/room';
import type { ArgumentsOf, ByteExchange } from './lua/script';
import { HOLDER } from './lua/seats';
import { SHARES } from './lua/shares';
import { type Misfit, misfitOf, type Paced, paced, refuseAnotherSize } from './replies';

/**
 * Returns `begun` or `repeated` with whether the room is sealed and the indexes of the pieces that are there, `file_too_large` or
 * `file_limit_reached` with the bytes that would be taken, `another_size`, or `invalid_request` and whether the room is sealed.
 */
const beginFileScript = roomScript({
  parts: [HOLDER, PACES, SHARES, FILE_SHARES],
  args: {
    tokenHash: 'text',
    fileId: 'text',
    bytes: 'number',
    pieces: 'number',
    /** Bytes of content in a room of either kind, 0 where the file does not fit its pieces there. */
    sealedContent: 'number',
    plainContent: 'number',
    pace: 'rate',
    storageFull: 'flag',
    /** Ms that the address has to wait. */
    addressWaitMs: 'number',
  },
  body: `
local sealed, owner, file_max, files_max, listed = unpack(redis.call('HMGET', ROOM, 'sealed', 'owner', 'fileMax', 'filesMax', 'listed'))
local content = sealed == '1' and SEALED_CONTENT or PLAIN_CONTENT
if content == 0 then return {'invalid_request', sealed} end
local member = holder(TOKEN_HASH)
if not member then return {'not_a_member'} end
local refused = refuse_read('files', member, PACE)
if refused then return refused end
local known, removed = file_of(FILE_ID)
if removed then return {'file_not_found'} end
if known then
  if known.member ~= member then return {'not_the_author'} end
  if known.bytes ~= BYTES or known.pieces ~= PIECES then return {'another_size'} end
  return {'repeated', sealed, received_of(FILE_ID, known)}
end
-- Public rooms take none. Files begun before the room was listed may still be finished, read and sent.
file_max, files_max = listed == '1' and 0 or tonumber(file_max or 0), tonumber(files_max or 0)
if content > file_max then return {'file_too_large', digits(file_max)} end
local seat = seat_of(member)
local left = file_room(seat, seat_of(owner), files_max)
if content > left then return {'file_limit_reached', digits(math.max(0, math.min(left, file_max)))} end
if STORAGE_FULL then return {'storage_full'} end
if ADDRESS_WAIT_MS > 0 then return {'address_waits', digits(ADDRESS_WAIT_MS)} end
keep_file(FILE_ID, {member = member, seat = seat, bytes = BYTES, pieces = PIECES, content = content, received = 0})
write('HINCRBY', ROOM, 'fileBytes', digits(content))
write('HINCRBY', USED, 'fileBytes:' .. seat, digits(content))
write('HINCRBY', USED, 'files:' .. seat, 1)
count_unfinished(member, 1)
return {'begun', sealed, {}}
`,
});

const waitSchema = z.coerce.number();

/** An address that has stored too much waits for long, which is no pace of this member: what they have begun may be removed meanwhile. */
function refuseAddress([status, waitMs]: readonly unknown[]): void {
  if (status !== 'address_waits') return;
  throw new RoomError('rate_limited', { retryAfterSeconds: Math.ceil(waitSchema.parse(waitMs) / 1_000) });
}

const begunSchema = z.tuple([z.string(), z.array(z.number())]);

/**
 * Begins a file: its bytes are taken out of the room's from now on. A repeat gets the pieces that have come since.
 *
 * @throws RoomError `file_too_large` or `file_limit_reached` with the bytes that would be taken
 */
export async function beginFile(
  redis: Redis,
  file: ArgumentsOf<typeof beginFileScript> & { fileId: FileId },
): Promise<Paced<Misfit | { status: 'begun' | 'repeated'; file: BegunFile }>> {
  const reply = await beginFileScript.run(redis, file);
  const misfit = misfitOf(reply);
  if (misfit !== null) return { status: 'found', found: misfit };
  refuseAddress(reply);
  refuseAnotherSize(reply, 'bytes');
  return paced(reply, (rest) => {
    const [sealed, received] = begunSchema.parse(rest);
    const begun = { fileId: file.fileId, pieceBytes: pieceBytesOf(sealed === '1'), received };
    return { status: reply[0] === 'repeated' ? 'repeated' : 'begun', file: begun };
  });
}

/** Returns `stored`, or `repeated` where the piece is there; `unfit` with what is wrong: `index` or `body`. */
const putPieceScript = roomScript({
  parts: [HOLDER, PACES, FILES],
  args: {
    tokenHash: 'text',
    fileId: 'text',
    index: 'number',
    /** Bytes of the piece, which may be stored in another form. */
    length: 'number',
    sealedPieceBytes: 'number',
    plainPieceBytes: 'number',
    pace: 'rate',
    storageFull: 'flag',
    addressWaitMs: 'number',
    piece: 'bytes',
  },
  body: `
local member = holder(TOKEN_HASH)
if not member then return {'not_a_member'} end
local refused = refuse_read('puts', member, PACE)
if refused then return refused end
local file = file_of(FILE_ID)
if not file then return {'file_not_found'} end
if file.member ~= member then return {'not_the_author'} end
if INDEX >= file.pieces then return {'unfit', 'index'} end
local whole = redis.call('HGET', ROOM, 'sealed') == '1' and SEALED_PIECE_BYTES or PLAIN_PIECE_BYTES
local wanted = INDEX < file.pieces - 1 and whole or file.bytes - whole * (file.pieces - 1)
if LENGTH > wanted then return {'body_too_large'} end
if LENGTH < wanted then return {'unfit', 'body'} end
local field = FILE_ID .. ':' .. digits(INDEX)
-- The first one stays: what a message has named does not change any more.
if redis.call('HEXISTS', FILE_PIECES, field) == 1 then return {'repeated'} end
if STORAGE_FULL then return {'storage_full'} end
if ADDRESS_WAIT_MS > 0 then return {'address_waits', digits(ADDRESS_WAIT_MS)} end
write('HSET', FILE_PIECES, field, PIECE)
file.received = file.received + 1
keep_file(FILE_ID, file)
if is_finished(file) then count_unfinished(member, -1) end
return {'stored'}
`,
});

const UNFIT = { index: 'is none of the file', body: 'is shorter than the piece' } as const;
const unfitSchema = z.enum(['index', 'body']);

/** Stores a piece of a file that this member has begun. One that is there already stays as it is. */
export async function putPiece(
  redis: ByteExchange,
  piece: ArgumentsOf<typeof putPieceScript>,
): Promise<Paced<{ repeated: boolean }>> {
  const reply = await putPieceScript.exchange(redis, piece);
  refuseAddress(reply);
  if (reply[0] === 'unfit') {
    const path = unfitSchema.parse(reply[1]);
    throw new RoomError('invalid_request', { faults: [{ path: path === 'body' ? '' : path, message: UNFIT[path] }] });
  }
  return paced(reply, () => ({ repeated: reply[0] === 'repeated' }));
}

/** Returns `found` and the piece, in a list of its own. */
const readPieceScript = roomScript({
  parts: [HOLDER, PACES],
  args: { tokenHash: 'text', fileId: 'text', index: 'number', pace: 'rate' },
  body: `
local member = holder(TOKEN_HASH)
if not member then return {'not_a_member'} end
local refused = refuse_read('gets', member, PACE)
if refused then return refused end
local piece = redis.call('HGET', FILE_PIECES, FILE_ID .. ':' .. digits(INDEX))
if not piece then return {'file_not_found'} end
return {'found', {piece}}
`,
});

const pieceSchema = z.tuple([z.tuple([z.instanceof(Uint8Array)])]);

/** A piece of a file, for any member. */
export async function readPiece(
  redis: ByteExchange,
  piece: ArgumentsOf<typeof readPieceScript>,
): Promise<Paced<Uint8Array>> {
  return paced(await readPieceScript.exchange(redis, piece), (rest) => pieceSchema.parse(rest)[0][0]);
}

/** Returns `found`, who began it, its bytes and pieces, and the indexes of those that have come. */
const readFileScript = roomScript({
  parts: [HOLDER, PACES, FILES],
  args: { tokenHash: 'text', fileId: 'text', pace: 'rate' },
  body: `
local member = holder(TOKEN_HASH)
if not member then return {'not_a_member'} end
local refused = refuse_read('files', member, PACE)
if refused then return refused end
local file = file_of(FILE_ID)
if not file then return {'file_not_found'} end
return {'found', file.member, digits(file.bytes), digits(file.pieces), received_of(FILE_ID, file)}
`,
});

const foundSchema = z.tuple([z.string(), z.coerce.number(), z.coerce.number(), z.array(z.number())]);

/** What the room holds of a file, for any member. */
export async function readFile(
  redis: Redis,
  file: ArgumentsOf<typeof readFileScript> & { fileId: FileId },
): Promise<Paced<StoredFile>> {
  return paced(await readFileScript.run(redis, file), (rest) => {
    const [memberId, bytes, pieces, received] = foundSchema.parse(rest);
    return storedFileSchema.parse({ fileId: file.fileId, memberId, bytes, pieces, received });
  });
}

/** Returns `ok`. */
const removeFileScript = roomScript({
  parts: [HOLDER, PACES, FILES],
  args: {
    tokenHash: 'text',
    fileId: 'text',
    /** The member that has to be the one who began it; empty where that does not matter. */
    begunBy: 'text',
    pace: 'rate',
  },
  body: `
local member = holder(TOKEN_HASH)
if not member then return {'not_a_member'} end
local refused = refuse_read('files', member, PACE)
if refused then return refused end
local file, removed = file_of(FILE_ID)
if removed then return {'ok'} end
if not file then return {'file_not_found'} end
if BEGUN_BY ~= '' and file.member ~= BEGUN_BY then return {'not_the_author'} end
if file.member ~= member and redis.call('HGET', ROOM, 'owner') ~= member then return {'not_the_author'} end
remove_file(FILE_ID, file)
return {'ok'}
`,
});

/** Removes a file with all of its pieces, for the member who began it or the owner, and gives its bytes back. Repeats harmlessly. */
export async function removeFile(redis: Redis, file: ArgumentsOf<typeof removeFileScript>): Promise<Paced<null>> {
  return paced(await removeFileScript.run(redis, file), () => null);
}
