import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { type FileId, fileIdSchema, pieceBytesOf } from '@/domain/file';
import type { Answer, Seat } from './rooms';

/** An id that nobody has used. */
export const newFileId = (): FileId => fileIdSchema.parse(randomBytes(11).toString('hex'));

/** A file of random bytes and its pieces, as they are stored in a room of that kind. */
export interface TestFile {
  readonly id: FileId;
  readonly bytes: Buffer;
  readonly pieces: readonly Buffer[];
  /** What `POST /api/files` takes. */
  readonly beginning: { id: FileId; bytes: number; pieces: number };
}

export function fileOf(bytes: Buffer, { sealed = false, id = newFileId() } = {}): TestFile {
  const whole = pieceBytesOf(sealed);
  const pieces = Array.from({ length: Math.ceil(bytes.length / whole) }, (_, index) =>
    bytes.subarray(index * whole, (index + 1) * whole),
  );
  return { id, bytes, pieces, beginning: { id, bytes: bytes.length, pieces: pieces.length } };
}

export const randomFile = (bytes: number, options: { sealed?: boolean } = {}): TestFile =>
  fileOf(randomBytes(bytes), options);

/** Begins a file and sends all of its pieces. Throws when one is refused. */
export async function upload(seat: Seat, file: TestFile): Promise<void> {
  const begun = await seat.beginFile(file.beginning);
  if (begun.status !== 201) throw new Error(`The file was not begun: ${JSON.stringify(begun.body)}`);
  for (const [index, piece] of file.pieces.entries()) {
    const { status, body } = await seat.putPiece(file.id, index, piece);
    if (status !== 204) throw new Error(`A piece was not taken: ${JSON.stringify(body)}`);
  }
}

/** All pieces of a file, one after the other. */
export async function download(seat: Seat, { id, pieces }: TestFile): Promise<Buffer> {
  const read: Buffer[] = [];
  for (const index of pieces.keys()) {
    const { bytes, body } = await seat.readPiece(id, index);
    if (bytes === undefined) throw new Error(`A piece was not given: ${JSON.stringify(body)}`);
    read.push(bytes);
  }
  return Buffer.concat(read);
}

/** Checks that a member reads a piece as it was sent. */
export async function expectPiece(seat: Seat, { id, pieces }: TestFile, index: number): Promise<void> {
  const { bytes, body } = await seat.readPiece(id, index);
  // Compared as a list of numbers, which shows where they differ, a quarter of a megabyte takes seconds.
  expect(bytes?.equals(pieces[index] ?? Buffer.alloc(0)), `piece ${index}: ${JSON.stringify(body)}`).toBe(true);
}

/** How a message of a plain room names it. */
export const namedIn = ({ beginning: { id, bytes, pieces } }: TestFile) => ({
  fileId: id,
  name: 'a picture.png',
  type: 'image/png',
  bytes,
  pieces,
});

/** Everything that is done with a file in its life: begun, sent, repeated, said, read, taken back, and another one left unfinished. */
export async function actOnFiles(seat: Seat): Promise<Answer> {
  const file = randomFile(40);
  await seat.beginFile(file.beginning);
  await seat.beginFile(file.beginning);
  await seat.putPiece(file.id, 0, file.bytes);
  await seat.putPiece(file.id, 0, file.bytes);
  await seat.readPiece(file.id, 0);
  await seat.readFile(file.id);
  await seat.send({ id: file.id, text: '', file: namedIn(file) });
  await seat.takeBack(file.id);
  const removed = randomFile(40);
  await seat.beginFile(removed.beginning);
  await seat.removeFile(removed.id);
  await seat.removeFile(removed.id);
  return seat.beginFile(randomFile(40).beginning);
}
