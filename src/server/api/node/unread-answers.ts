import 'server-only';
import type { ServerResponse } from 'node:http';

/** A reader that takes nothing for this long has vanished or means harm; one that is only slow keeps its answer. */
const STALL_MS = 20_000;
/** All readers together may leave this much in memory: 256 of the largest pages. */
const UNREAD_BYTES_MAX = 64 * 1_024 * 1_024;
/** A socket reports only when all that it was given was taken: small pieces show how far a reader has come. */
const PIECE_BYTES = 16_384;

interface Held {
  bytes: number;
  /** How much its socket had taken when that last grew, and when. */
  takenBytes: number;
  since: number;
}

export interface UnreadBounds {
  stallMs?: number;
  bytesMax?: number;
}

/**
 * Answers that were sent but not taken yet, each in memory until then. One whose reader takes nothing is dropped together
 * with its connection; when there are too many, the one that has waited longest.
 */
export class UnreadAnswers {
  readonly #stallMs: number;
  readonly #bytesMax: number;
  readonly #held = new Map<ServerResponse, Held>();
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor({ stallMs = STALL_MS, bytesMax = UNREAD_BYTES_MAX }: UnreadBounds = {}) {
    this.#stallMs = stallMs;
    this.#bytesMax = bytesMax;
  }

  /** Bytes held for readers at this moment. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Ends a response with a text or with bytes, as fast as its reader takes them. */
  async send(response: ServerResponse, body: string | Uint8Array): Promise<void> {
    if (response.destroyed) return;
    const bytes = Buffer.byteLength(body);
    this.#hold(response, bytes);
    if (bytes > PIECE_BYTES) await writeInPieces(response, typeof body === 'string' ? Buffer.from(body) : body);
    else response.end(body);
  }

  #hold(response: ServerResponse, bytes: number): void {
    this.#held.set(response, { bytes, takenBytes: takenBytesOf(response), since: performance.now() });
    this.#bytes += bytes;
    // `close` comes once the system has taken all of it, or when the connection ends first.
    response.once('close', () => this.#release(response));
    this.#timer ??= setInterval(() => this.#dropStalled(), this.#stallMs / 4).unref();
    if (this.#bytes > this.#bytesMax) this.#dropLongest();
  }

  #release(response: ServerResponse): void {
    this.#bytes -= this.#held.get(response)?.bytes ?? 0;
    this.#held.delete(response);
    if (this.#held.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #drop(response: ServerResponse): void {
    this.#release(response);
    response.destroy();
  }

  #noteProgress(): void {
    const now = performance.now();
    for (const [response, held] of this.#held) {
      const takenBytes = takenBytesOf(response);
      if (takenBytes > held.takenBytes) Object.assign(held, { takenBytes, since: now });
    }
  }

  #dropStalled(): void {
    this.#noteProgress();
    const latest = performance.now() - this.#stallMs;
    for (const [response, { since }] of this.#held) if (since <= latest) this.#drop(response);
  }

  #dropLongest(): void {
    this.#noteProgress();
    const waiting = [...this.#held].sort(([, left], [, right]) => left.since - right.since);
    for (const [response] of waiting) {
      if (this.#bytes <= this.#bytesMax) return;
      this.#drop(response);
    }
  }
}

/** How much of all that a connection ever wrote the system has taken. */
const takenBytesOf = ({ socket }: ServerResponse): number =>
  socket === null ? 0 : socket.bytesWritten - socket.writableLength;

async function writeInPieces(response: ServerResponse, body: Uint8Array): Promise<void> {
  let goOn: () => void = () => undefined;
  // One listener for all pieces: compression middleware keeps `drain` listeners for itself.
  response.on('drain', () => goOn()).once('close', () => goOn());
  for (let from = 0; from < body.byteLength; from += PIECE_BYTES) {
    if (response.destroyed) return;
    if (response.write(body.subarray(from, from + PIECE_BYTES))) continue;
    await new Promise<void>((resolve) => {
      goOn = resolve;
    });
  }
  if (!response.destroyed) response.end();
}
