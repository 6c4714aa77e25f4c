import 'server-only';
import type { ServerResponse } from 'node:http';
import { RoomError } from '@/domain/errors';
import { responseTo } from './node/node-http';
import { AGAIN_SOON, OwnTurns, Places } from './places';

/** A page waits for one answer on each of its connections at most, and browsers open six. */
const UNDER_WAY_PER_CREDENTIAL = 4;
/** A page that comes back to a long room may ask for all of its history at once. */
const WAITING_PER_CREDENTIAL = 256;
/** For the people behind one address, or for everybody where a proxy is not trusted. */
const READS_PER_ADDRESS = 4_096;
/** Parsing and checking one answer takes several times its size in memory. */
const ASKING_MAX = 16;
/** A reader who would wait longer is answered as if the storage did not reply. */
const TURN_MS = 10_000;

export interface ReadBounds {
  underWayPerCredential?: number;
  waitingPerCredential?: number;
  readsPerAddress?: number;
  askingMax?: number;
}

export interface Reader {
  /** Hash of the credential; empty when there was none. */
  tokenHash: string;
  address: string;
  request: Request;
}

/**
 * Reads whose answers are large: pages of history, lists of seats. Each credential has few under way, from before the
 * storage is asked until the answer has left the process or its connection has ended, and the process asks the storage for
 * few at once. The others wait, and cost no more than their request.
 */
export class LargeReads {
  readonly #bounds: Required<ReadBounds>;
  readonly #lanes = new Map<string, Places>();
  readonly #reads = new Map<string, number>();
  readonly #asking: Places;
  readonly #turns = new OwnTurns();

  constructor({
    underWayPerCredential = UNDER_WAY_PER_CREDENTIAL,
    waitingPerCredential = WAITING_PER_CREDENTIAL,
    readsPerAddress = READS_PER_ADDRESS,
    askingMax = ASKING_MAX,
  }: ReadBounds = {}) {
    this.#bounds = { underWayPerCredential, waitingPerCredential, readsPerAddress, askingMax };
    this.#asking = new Places(askingMax);
  }

  async run<Found>({ tokenHash, address, request }: Reader, read: () => Promise<Found>): Promise<Found> {
    const response = responseTo(request);
    if (response?.destroyed) throw new RoomError('rate_limited', AGAIN_SOON);
    const leave = await this.#enter(tokenHash === '' ? address : tokenHash, address, response);
    try {
      await this.#turns.take();
      await this.#asking.take(response, TURN_MS);
      try {
        return await read();
      } finally {
        this.#asking.give();
      }
    } finally {
      if (response === undefined || response.destroyed) leave();
      else response.once('close', leave);
    }
  }

  /** Takes a place for a credential; the returned function gives it back. */
  async #enter(credential: string, address: string, response: ServerResponse | undefined): Promise<() => void> {
    const lane = this.#lanes.get(credential) ?? new Places(this.#bounds.underWayPerCredential);
    const reads = this.#reads.get(address) ?? 0;
    if (lane.waiting >= this.#bounds.waitingPerCredential || reads >= this.#bounds.readsPerAddress) {
      throw new RoomError('rate_limited', AGAIN_SOON);
    }
    this.#lanes.set(credential, lane);
    this.#reads.set(address, reads + 1);
    const uncount = () => {
      const left = (this.#reads.get(address) ?? 0) - 1;
      if (left > 0) this.#reads.set(address, left);
      else this.#reads.delete(address);
      if (lane.unused) this.#lanes.delete(credential);
    };
    try {
      await lane.take(response);
    } catch (error) {
      uncount();
      throw error;
    }
    return () => {
      lane.give();
      uncount();
    };
  }
}
