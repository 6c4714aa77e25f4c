import 'server-only';
import type { Redis } from '@upstash/redis';
import { LOBBY_READ_GAP_MS, LOBBY_ROOMS_MAX } from '@/domain/limits';
import type { Lobby } from '@/domain/lobby';
import type { RoomId } from '@/domain/room';
import { readLobby, type StoredLobby } from '@/server/storage/lobby';

interface BoardOptions {
  redis: Redis;
  /** The process's name in what it reports, and how many people have a stream here now. */
  processId: string;
  people: () => number;
  /** Milliseconds that only go forward. */
  clock?: { now(): number };
}

/** One look at Redis, from the moment at which it began. */
interface Look {
  readonly at: number;
  readonly found: Promise<StoredLobby>;
  ended: boolean;
  /** Rooms that this process knows to be off the list since then. */
  readonly hidden: Set<RoomId>;
}

/**
 * The lobby for all visitors of this process: Redis is asked once in two seconds at most, and only while somebody looks. What this process itself
 * takes off the list is gone from it at once.
 */
export class LobbyBoard {
  readonly #options: BoardOptions;
  readonly #clock: { now(): number };
  #look: Look | null = null;
  #known: readonly RoomId[] = [];

  constructor(options: BoardOptions) {
    this.#options = options;
    this.#clock = options.clock ?? performance;
  }

  async read(): Promise<Lobby> {
    const look = this.#current();
    const found = await look.found;
    const now = found.now + Math.max(0, Math.floor(this.#clock.now() - look.at));
    const listed = found.listed
      .filter(({ roomId, expiresAt }) => expiresAt > now && !look.hidden.has(roomId))
      .sort((one, other) => other.createdAt - one.createdAt)
      .slice(0, LOBBY_ROOMS_MAX);
    // What this process reported last is older than what it knows.
    const others = [...found.people].filter(([processId]) => processId !== this.#options.processId);
    const here = others.reduce((sum, [, people]) => sum + people, this.#options.people());
    return { now, here, rooms: found.rooms, listed };
  }

  /** The room is full, locked, unlisted or gone. Other processes see it with their next look. */
  hide(roomId: RoomId): void {
    if (this.#look !== null && this.#serves(this.#look)) this.#look.hidden.add(roomId);
  }

  /** A look that takes longer than the gap is waited for: a slow Redis is not asked twice. */
  #serves({ ended, at }: Look): boolean {
    return !ended || this.#clock.now() - at < LOBBY_READ_GAP_MS;
  }

  #current(): Look {
    if (this.#look !== null && this.#serves(this.#look)) return this.#look;
    const found = readLobby(this.#options.redis, this.#known);
    const look: Look = { at: this.#clock.now(), found, ended: false, hidden: new Set() };
    const end = () => {
      look.ended = true;
    };
    found.then(({ ids }) => {
      this.#known = ids;
      end();
    }, end);
    this.#look = look;
    return look;
  }
}
