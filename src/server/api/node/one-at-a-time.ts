import 'server-only';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server, Socket } from 'node:net';

/** More than any client pipelines. A waiting request costs only what Node itself keeps of it. */
const WAITING_MAX = 500;
/** From here on the connection is not read. The 64 kB that were read already may hold hundreds of further requests. */
const WAITING_UNREAD = 32;

type Listener = (request: IncomingMessage, response: ServerResponse) => void;
interface Asked {
  request: IncomingMessage;
  response: ServerResponse;
}

/** The requests of one connection that wait for the answer before theirs. */
class Line {
  readonly #socket: Socket;
  readonly #answer: Listener;
  #waiting: Asked[] = [];
  #answering = false;
  #unread = false;

  constructor(socket: Socket, answer: Listener) {
    this.#socket = socket;
    this.#answer = answer;
  }

  enter(asked: Asked): void {
    // It was read from a connection that has been cut since.
    if (this.#socket.destroyed) return;
    if (!this.#answering) {
      this.#begin(asked);
    } else if (this.#waiting.length === WAITING_MAX) {
      this.#waiting = [];
      this.#socket.destroy();
    } else {
      this.#waiting.push(asked);
      // Node reads on after each request, so the pause only takes effect after the last one of a packet.
      if (this.#waiting.length >= WAITING_UNREAD) process.nextTick(() => this.#stopReading());
    }
  }

  #stopReading(): void {
    if (this.#waiting.length < WAITING_UNREAD) return;
    this.#unread = true;
    this.#socket.pause();
  }

  #begin({ request, response }: Asked): void {
    this.#answering = true;
    // `close` comes after `finish` too, once the system has taken the whole answer. All other connections have their
    // turn first: an answer may be made and taken without a pause, and hundreds in a row would hold up everybody.
    response.once('close', () => setImmediate(() => this.#next()));
    this.#answer(request, response);
  }

  #next(): void {
    this.#answering = false;
    // After a last answer the requests behind it are dropped: nobody would receive theirs.
    if (this.#socket.destroyed || this.#socket.writableEnded) this.#waiting = [];
    const asked = this.#waiting.shift();
    if (this.#unread && this.#waiting.length < WAITING_UNREAD) {
      this.#unread = false;
      this.#socket.resume();
    }
    if (asked !== undefined) this.#begin(asked);
  }
}

const bound = new WeakSet<Server>();

/**
 * Answers the requests of each connection one after the other. Node runs all pipelined requests at once: four hundred
 * pages of history, requested in one packet, were in memory together. Call it once the server has its listeners; calling
 * it again for the same server does nothing.
 */
export function answerOneAtATime(server: Server): void {
  if (bound.has(server)) return;
  bound.add(server);
  const listeners = server.listeners('request');
  server.removeAllListeners('request');
  const lines = new WeakMap<Socket, Line>();
  const answer: Listener = (request, response) => {
    for (const listener of listeners) Reflect.apply(listener, server, [request, response]);
  };
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const line = lines.get(request.socket) ?? new Line(request.socket, answer);
    lines.set(request.socket, line);
    line.enter({ request, response });
  });
}
