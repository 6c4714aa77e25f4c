import { FILE_PIECE_BYTES, FILE_PIECE_SEAL_BYTES } from '@/domain/limits';
import { createRoomApi, type RoomApi } from '@/client/api';
import type { MemberId } from '@/domain/room';

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
}

const problem = (status: number, code: string, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify({ status, code }), {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
  });

/** The files of a room on a server in memory, with its calls as the contract has them. */
export class FakeFiles {
  readonly stored = new Map<string, Stored>();
  readonly asked: Asked[] = [];
  /** Answers in the server's place; null where it is to answer itself. `isDone`: the server has done it all the same. */
  standIn: (asked: Asked) => Response | Promise<Response> | null = () => null;
  /** The answer to a call is lost once the server has done it. */
  isLost: (asked: Asked) => boolean = () => false;
  /** A call begins to be answered when this lets it. */
  gate: (asked: Asked) => Promise<void> = () => Promise.resolve();
  /** The most calls that were under way at once. */
  underWayMax = 0;
  private underWay = 0;

  constructor(
    readonly isSealed: () => boolean,
    readonly self: () => MemberId,
  ) {}

  get pieceBytes(): number {
    return FILE_PIECE_BYTES + (this.isSealed() ? FILE_PIECE_SEAL_BYTES : 0);
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
    const [fileId, index] = [searchParams.get('fileId'), Number(searchParams.get('index') ?? -1)];
    const asked = { method: request.method, path: pathname, fileId, index };
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

  private async answer({ method, path, fileId, index }: Asked, request: Request): Promise<Response> {
    if (method === 'POST') return this.begin((await request.json()) as { id: string; bytes: number; pieces: number });
    const file = this.stored.get(fileId ?? '');
    if (file === undefined) return problem(404, 'file_not_found');
    if (method === 'DELETE') {
      this.stored.delete(fileId ?? '');
      return new Response(null, { status: 204 });
    }
    if (method === 'PUT') return this.put(file, index, new Uint8Array(await request.arrayBuffer()));
    const { memberId, bytes, pieces, parts } = file;
    if (path === '/api/files') return Response.json({ fileId, memberId, bytes, pieces, received: [...parts.keys()] });
    const part = parts.get(index);
    if (part === undefined) return problem(404, 'file_not_found');
    return new Response(part, { headers: { 'content-type': 'application/octet-stream' } });
  }

  private begin({ id, bytes, pieces }: { id: string; bytes: number; pieces: number }): Response {
    if (pieces !== Math.ceil(bytes / this.pieceBytes)) return problem(422, 'invalid_request');
    const known = this.stored.get(id);
    const file = known ?? { memberId: this.self(), bytes, pieces, parts: new Map<number, Uint8Array<ArrayBuffer>>() };
    this.stored.set(id, file);
    const received = [...file.parts.keys()];
    return Response.json({ fileId: id, pieceBytes: this.pieceBytes, received }, { status: known ? 200 : 201 });
  }

  private put({ bytes, pieces, parts }: Stored, index: number, part: Uint8Array<ArrayBuffer>): Response {
    const due = index < pieces - 1 ? this.pieceBytes : bytes - (pieces - 1) * this.pieceBytes;
    if (part.length > due) return problem(413, 'body_too_large');
    if (part.length < due || index < 0 || index >= pieces) return problem(422, 'invalid_request');
    // The first one stays, as on the real server.
    if (!parts.has(index)) parts.set(index, part);
    return new Response(null, { status: 204 });
  }
}

const whenAborted = (signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) => {
    const fail = () => reject(signal.reason as Error);
    if (signal.aborted) fail();
    signal.addEventListener('abort', fail);
  });

export { problem as fileProblem };
