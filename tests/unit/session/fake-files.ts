import { FILE_PIECE_BYTES, FILE_PIECE_SEAL_BYTES } from '@/domain/limits';
import { createRoomApi, type RoomApi } from '@/client/api';
import { fitsPieces, type MessageFile } from '@/domain/file';
import type { FileLimits, MemberId } from '@/domain/room';

interface Stored {
  memberId: MemberId;
  bytes: number;
  pieces: number;
  readonly parts: Map<number, Uint8Array<ArrayBuffer>>;
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly fileId: string | null;
  readonly index: number;
  /** The member that it has to be from, where that is asked for. */
  readonly memberId: string | null;
}

interface ProblemParts {
  readonly maxBytes?: number;
  readonly 'retry-after'?: string;
}

const problem = (status: number, code: string, { maxBytes, ...headers }: ProblemParts = {}) =>
  new Response(JSON.stringify({ status, code, ...(maxBytes !== undefined && { maxBytes }) }), {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
  });

/** What the server knows of the room, and of whoever calls. */
export interface FileRoom {
  readonly isSealed: boolean;
  readonly self: MemberId;
  readonly isOwner: boolean;
  /** Null where files are off. */
  readonly limits: FileLimits | null;
}

/** The files of a room on a server in memory, with its calls as the contract has them. */
export class FakeFiles {
  readonly stored = new Map<string, Stored>();
  /** Ids of removed files, which nobody uses again. */
  readonly spent = new Set<string>();
  readonly asked: Asked[] = [];
  /** The pieces as they were sent, each time that one was. */
  readonly put: (Pick<Asked, 'fileId' | 'index'> & { readonly bytes: Uint8Array<ArrayBuffer> })[] = [];
  /** Answers in the server's place; null where it is to answer itself. */
  standIn: (asked: Asked) => Response | Promise<Response> | null = () => null;
  /** The answer to a call is lost once the server has done it. */
  isLost: (asked: Asked) => boolean = () => false;
  /** A call begins to be answered when this lets it. */
  gate: (asked: Asked) => Promise<void> = () => Promise.resolve();
  /** The most calls that were under way at once. */
  underWayMax = 0;
  private underWay = 0;

  constructor(readonly room: () => FileRoom) {}

  get pieceBytes(): number {
    return FILE_PIECE_BYTES + (this.room().isSealed ? FILE_PIECE_SEAL_BYTES : 0);
  }

  readonly api: Pick<RoomApi, 'request' | 'removeFile'> = createRoomApi({
    origin: 'http://localhost',
    isOnline: () => true,
    // Node forgets a request, and with it that it was given up, once nobody holds it; the signal of whoever asks is held.
    fetcher: (input, init) => this.fetch(new Request(input, init), init?.signal ?? new AbortController().signal),
  });

  times(method: string, index?: number): number {
    return this.asked.filter((one) => one.method === method && (index === undefined || one.index === index)).length;
  }

  private async fetch(request: Request, signal: AbortSignal): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const asked = {
      method: request.method,
      path: pathname,
      fileId: searchParams.get('fileId'),
      index: Number(searchParams.get('index') ?? -1),
      memberId: searchParams.get('memberId'),
    };
    this.asked.push(asked);
    this.underWay += 1;
    this.underWayMax = Math.max(this.underWayMax, this.underWay);
    try {
      await Promise.race([this.gate(asked), whenAborted(signal)]);
      const answer = (await this.standIn(asked)) ?? (await this.answer(asked, request));
      signal.throwIfAborted();
      if (this.isLost(asked)) throw new TypeError('the line is down');
      return answer;
    } finally {
      this.underWay -= 1;
    }
  }

  private async answer(asked: Asked, request: Request): Promise<Response> {
    const { method, path, fileId, index } = asked;
    if (method === 'POST') return this.begin((await request.json()) as { id: string; bytes: number; pieces: number });
    if (method === 'DELETE') return this.remove(asked);
    const piece = method === 'PUT' ? new Uint8Array(await request.arrayBuffer()) : null;
    if (piece !== null) this.put.push({ fileId, index, bytes: piece });
    const file = this.stored.get(fileId ?? '');
    if (file === undefined) return problem(404, 'file_not_found');
    if (piece !== null) return this.store(file, index, piece);
    const { memberId, bytes, pieces, parts } = file;
    if (path === '/api/files') return Response.json({ fileId, memberId, bytes, pieces, received: receivedOf(parts) });
    const part = parts.get(index);
    if (part === undefined) return problem(404, 'file_not_found');
    return new Response(part, { headers: { 'content-type': 'application/octet-stream' } });
  }

  /** What counts of a file: its content, which in a sealed room is what its pieces hold beside their seals. */
  private contentOf({ bytes, pieces }: { bytes: number; pieces: number }): number {
    return bytes - (this.room().isSealed ? pieces * FILE_PIECE_SEAL_BYTES : 0);
  }

  private begin({ id, bytes, pieces }: { id: string; bytes: number; pieces: number }): Response {
    const { isSealed, self, isOwner, limits } = this.room();
    if (!fitsPieces({ bytes, pieces }, isSealed)) return problem(422, 'invalid_request');
    if (this.spent.has(id)) return problem(404, 'file_not_found');
    const known = this.stored.get(id);
    if (known !== undefined) {
      if (known.memberId !== self) return problem(403, 'not_the_author');
      if (known.bytes !== bytes || known.pieces !== pieces) return problem(422, 'invalid_request');
      return Response.json({ fileId: id, pieceBytes: this.pieceBytes, received: receivedOf(known.parts) });
    }
    const { maxBytes, roomBytes } = limits ?? { maxBytes: 0, roomBytes: 0 };
    const used = (files: readonly Stored[]) => files.reduce((sum, file) => sum + this.contentOf(file), 0);
    const files = [...this.stored.values()];
    const inRoom = roomBytes - used(files);
    const left = isOwner ? inRoom : Math.min(inRoom, roomBytes / 2 - used(files.filter((f) => f.memberId === self)));
    const content = this.contentOf({ bytes, pieces });
    if (content > maxBytes) return problem(413, 'file_too_large', { maxBytes });
    if (content > left) return problem(409, 'file_limit_reached', { maxBytes: Math.max(0, Math.min(left, maxBytes)) });
    this.stored.set(id, { memberId: self, bytes, pieces, parts: new Map() });
    return Response.json({ fileId: id, pieceBytes: this.pieceBytes, received: [] }, { status: 201 });
  }

  private store(file: Stored, index: number, part: Uint8Array<ArrayBuffer>): Response {
    const { memberId, bytes, pieces, parts } = file;
    if (memberId !== this.room().self) return problem(403, 'not_the_author');
    if (index < 0 || index >= pieces) return problem(422, 'invalid_request');
    const due = index < pieces - 1 ? this.pieceBytes : bytes - (pieces - 1) * this.pieceBytes;
    if (part.length > due) return problem(413, 'body_too_large');
    if (part.length < due) return problem(422, 'invalid_request');
    // The first one stays: what a message has named does not change any more.
    if (!parts.has(index)) parts.set(index, part);
    return new Response(null, { status: 204 });
  }

  private remove({ fileId, memberId }: Asked): Response {
    const id = fileId ?? '';
    const { self, isOwner } = this.room();
    if (this.spent.has(id)) return new Response(null, { status: 204 });
    const file = this.stored.get(id);
    if (file === undefined) return problem(404, 'file_not_found');
    if (file.memberId !== self && !isOwner) return problem(403, 'not_the_author');
    if (memberId !== null && file.memberId !== memberId) return problem(403, 'not_the_author');
    this.stored.delete(id);
    this.spent.add(id);
    return new Response(null, { status: 204 });
  }

  /** Why a message that names a file is refused, or null. */
  refusalOf({
    fileId,
    bytes,
    pieces,
  }: MessageFile): 'file_not_found' | 'not_the_author' | 'file_unfinished' | 'invalid_request' | null {
    const file = this.stored.get(fileId);
    if (file === undefined) return 'file_not_found';
    if (file.memberId !== this.room().self) return 'not_the_author';
    if (file.bytes !== bytes || file.pieces !== pieces) return 'invalid_request';
    return file.parts.size < file.pieces ? 'file_unfinished' : null;
  }
}

const receivedOf = (parts: Stored['parts']) => [...parts.keys()].sort((one, other) => one - other);

const whenAborted = (signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) => {
    const fail = () => reject(signal.reason as Error);
    if (signal.aborted) fail();
    signal.addEventListener('abort', fail);
  });

export { problem as fileProblem };
