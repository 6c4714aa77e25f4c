import { fromBase64url, toBase64url } from '@/crypto/base64url';
import { digestOf, hashOfAll, importFileKey, makePieceIv, pieceSizes, sealPiece } from '@/crypto/sealed-file';
import type { MessageFile } from '@/domain/file';
import { planPlain, planSealed, type FilePlan, type FileCard } from '@/domain/file-card';
import { FILE_PIECE_BYTES, FILE_PIECE_SEAL_BYTES } from '@/domain/limits';
import type { RoomId } from '@/domain/room';
import type { UploadItem } from './upload-items';

/** 12 bytes in base64url. */
const IV_CHARACTERS = 16;

/** The content of a file is another one than what was sent of it. */
export class ChangedContent extends Error {
  override readonly name = 'ChangedContent';
}

/** How a file is cut, and what each piece is on the wire: the one thing that plain and sealed rooms do differently. */
export interface Pieces {
  readonly plan: FilePlan;
  /** Of a whole piece, as the server has to say. */
  readonly pieceBytes: number;
  /** Whether what the server has of this piece is known to be what the card will say. */
  readonly isMade: (index: number) => boolean;
  /** The same bytes whenever it is asked. Throws `ChangedContent`, and what a Blob throws that cannot be read. */
  readonly make: (content: Blob, index: number) => Promise<Uint8Array<ArrayBuffer>>;
  /** To be asked once all pieces are made. */
  readonly card: () => Promise<FileCard | MessageFile>;
}

export const piecesOf = (
  roomId: RoomId,
  item: UploadItem,
  onSealed: (index: number, seal: string) => void,
): Promise<Pieces> =>
  item.key === null ? Promise.resolve(plainPieces(item)) : sealedPieces(roomId, item, item.key, onSealed);

const sliceOf = async (content: Blob, index: number) =>
  new Uint8Array(await content.slice(index * FILE_PIECE_BYTES, (index + 1) * FILE_PIECE_BYTES).arrayBuffer());

function plainPieces({ fileId, name, type, size }: UploadItem): Pieces {
  const plan = planPlain(size);
  return {
    plan,
    pieceBytes: FILE_PIECE_BYTES,
    isMade: () => true,
    make: sliceOf,
    card: () => Promise.resolve({ fileId, name, type, ...plan }),
  };
}

async function sealedPieces(
  roomId: RoomId,
  { fileId, name, type, size, preview, voice, seals }: UploadItem,
  keyText: string,
  onSealed: (index: number, seal: string) => void,
): Promise<Pieces> {
  const key = await importFileKey(keyText);
  const plan = planSealed(size);
  const made = [...seals];

  async function make(content: Blob, index: number) {
    const { padded, own } = pieceSizes(size, index);
    const plain = new Uint8Array(padded);
    const slice = await sliceOf(content, index);
    if (slice.length !== own) throw new ChangedContent();
    plain.set(slice);
    const known = made[index];
    // A vector is used again for the same content only, and what it would make of another one is not sent.
    const iv = known === undefined ? makePieceIv() : fromBase64url(known.slice(0, IV_CHARACTERS));
    const sealed = await sealPiece(key, { roomId, fileId, index, isLast: index === plan.pieces - 1 }, iv, plain);
    const seal = toBase64url(iv) + toBase64url(await digestOf(sealed));
    if (known !== undefined && known !== seal) throw new ChangedContent();
    made[index] = seal;
    // Before it is sent: after a reload the same bytes are made again.
    if (known === undefined) onSealed(index, seal);
    return sealed;
  }

  return {
    plan,
    pieceBytes: FILE_PIECE_BYTES + FILE_PIECE_SEAL_BYTES,
    isMade: (index) => made[index] !== undefined,
    make,
    card: async () => ({
      fileId,
      name,
      type,
      ...plan,
      key: keyText,
      hash: await hashOfAll(made.map((seal = '') => fromBase64url(seal.slice(IV_CHARACTERS)))),
      size,
      ...(preview !== undefined && { preview }),
      ...(voice && { voice }),
    }),
  };
}

/** A file is recognised by this after a reload. One slice at a time, so a large file is never in memory as a whole. */
export async function fingerprintOf(content: Blob): Promise<string> {
  const digests = [];
  for (let index = 0; index * FILE_PIECE_BYTES < content.size; index += 1)
    digests.push(await digestOf(await sliceOf(content, index)));
  return hashOfAll(digests);
}

/** How many bytes of a file its pieces hold. */
export const sentBytes = (size: number, received: ReadonlySet<number>): number =>
  [...received].reduce(
    (sent, index) => sent + Math.max(0, Math.min(FILE_PIECE_BYTES, size - index * FILE_PIECE_BYTES)),
    0,
  );
