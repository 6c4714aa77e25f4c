import 'server-only';
import type { ServerResponse } from 'node:http';
import { RoomError } from '@/domain/errors';
import type { Reader } from './large-reads';
import { responseTo } from './node/node-http';
import { AGAIN_SOON, Places, type RestedTurns } from './places';

/** A page keeps its line busy with two: the next is on its way while the storage takes the one before. */
const UNDER_WAY_PER_CREDENTIAL = 2;
/** More than a page asks for at once, and no more in memory than their requests. */
const WAITING_PER_CREDENTIAL = 64;
/** Whoever sends or reads slowly on purpose holds up no more than the people at their own address. */
const UNDER_WAY_PER_ADDRESS = 32;
/** A class that sends at once; credentials that somebody made up wait in the same line, and it has to end. */
const WAITING_PER_ADDRESS = 1_024;
/** 24 MB of pieces in memory each way, whoever asks. */
const UNDER_WAY_MAX = 96;
/** Each is copied once or twice on its way to the storage and back. */
const ASKING_MAX = 8;
/** Credentials that may have been made up: a body is read before the storage is asked whose it is. */
const STRANGERS_MAX = 8;
const STRANGERS_PER_ADDRESS = 2;
const STRANGERS_WAITING = 64;
/** More members than send files to one process; one that is forgotten is a stranger once. */
const KNOWN_MAX = 10_000;

/**
 * A piece at 1.5 kB a second, as a page on a slow line sends them, one at a time. Whoever lets one trickle in or out on purpose holds a place that
 * others wait for.
 */
const UNDER_WAY_MS = 180_000;

export interface PieceBounds {
  underWayPerCredential?: number;
  waitingPerCredential?: number;
  underWayPerAddress?: number;
  waitingPerAddress?: number;
  underWayMax?: number;
  askingMax?: number;
  /** Whether credentials that the storage has not confirmed to this process yet have few places among themselves. */
  keepsStrangersApart?: boolean;
}

/** Places for each of many, made when the first is taken and forgotten when the last is given back. */
class Lanes {
  readonly #lanes = new Map<string, Places>();

  constructor(
    readonly places: number,
    readonly waitingMax: number,
  ) {}

  /** @throws RoomError `rate_limited` when too many wait, or the one who waits has gone */
  async take(name: string, response: ServerResponse | undefined): Promise<() => void> {
    const lane = this.#lanes.get(name) ?? new Places(this.places);
    if (lane.waiting >= this.waitingMax) throw new RoomError('rate_limited', AGAIN_SOON);
    this.#lanes.set(name, lane);
    const forget = () => {
      if (lane.unused && lane.waiting === 0) this.#lanes.delete(name);
    };
    try {
      await lane.take(response);
    } catch (error) {
      forget();
      throw error;
    }
    return () => {
      lane.give();
      forget();
    };
  }
}

/**
 * Pieces of files on their way in one direction. They have places of their own, apart from the reads of messages: a member has
 * few under way, an address some, the process a number that its memory is sure to hold. All others wait in line, and cost no more
 * than their request. A piece has its place from before its body is read, or the storage is asked, until its answer has left, and
 * for three minutes at most: then its connection is cut.
 */
export class PieceTurns {
  readonly #members: Lanes;
  readonly #addresses: Lanes;
  readonly #all: Places;
  readonly #asking: Places;
  readonly #turns: RestedTurns;
  readonly #strangers = new Places(STRANGERS_MAX);
  readonly #strangersOf = new Lanes(STRANGERS_PER_ADDRESS, STRANGERS_WAITING);
  /** Null where strangers are not kept apart. The one that was confirmed last stands last. */
  readonly #known: Set<string> | null;

  /** @param turns one for all ways of a process */
  constructor(
    turns: RestedTurns,
    {
      underWayPerCredential = UNDER_WAY_PER_CREDENTIAL,
      waitingPerCredential = WAITING_PER_CREDENTIAL,
      underWayPerAddress = UNDER_WAY_PER_ADDRESS,
      waitingPerAddress = WAITING_PER_ADDRESS,
      underWayMax = UNDER_WAY_MAX,
      askingMax = ASKING_MAX,
      keepsStrangersApart = false,
    }: PieceBounds = {},
  ) {
    this.#turns = turns;
    this.#known = keepsStrangersApart ? new Set() : null;
    this.#members = new Lanes(underWayPerCredential, waitingPerCredential);
    this.#addresses = new Lanes(underWayPerAddress, waitingPerAddress);
    this.#all = new Places(underWayMax);
    this.#asking = new Places(askingMax);
  }

  /** The storage has confirmed a credential: it is a member's. */
  know(tokenHash: string): void {
    if (this.#known === null) return;
    this.#known.delete(tokenHash);
    this.#known.add(tokenHash);
    const [oldest] = this.#known;
    if (this.#known.size > KNOWN_MAX && oldest !== undefined) this.#known.delete(oldest);
  }

  /** Runs `work` in a place of its own; `ask` in it is for what goes to the storage. */
  async run<Done>(
    { tokenHash, address, request }: Reader,
    work: (ask: <Answer>(storage: () => Promise<Answer>) => Promise<Answer>) => Promise<Done>,
  ): Promise<Done> {
    const response = responseTo(request);
    if (response?.destroyed) throw new RoomError('rate_limited', AGAIN_SOON);
    const leave = await this.#enter(tokenHash, address, response);
    const timer = response && setTimeout(() => response.destroy(), UNDER_WAY_MS);
    const end = () => {
      clearTimeout(timer);
      leave();
    };
    try {
      const done = await work((storage) => this.#ask(storage));
      this.know(tokenHash);
      return done;
    } finally {
      if (response === undefined || response.destroyed) end();
      else response.once('close', end);
    }
  }

  async #ask<Answer>(storage: () => Promise<Answer>): Promise<Answer> {
    await this.#asking.take(undefined);
    try {
      await this.#turns.take();
      return await storage();
    } finally {
      this.#asking.give();
    }
  }

  async #enter(tokenHash: string, address: string, response: ServerResponse | undefined): Promise<() => void> {
    const taken: (() => void)[] = [];
    const leave = () => {
      for (const give of taken.splice(0)) give();
    };
    try {
      if (this.#known?.has(tokenHash) === false) {
        taken.push(await this.#strangersOf.take(address, response));
        await this.#strangers.take(response);
        taken.push(() => this.#strangers.give());
      }
      taken.push(await this.#members.take(tokenHash === '' ? address : tokenHash, response));
      taken.push(await this.#addresses.take(address, response));
      await this.#all.take(response);
      taken.push(() => this.#all.give());
      return leave;
    } catch (error) {
      leave();
      throw error;
    }
  }
}
