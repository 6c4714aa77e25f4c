import 'server-only';

/** Turns between two pings of a stream: one turn over all of eight thousand streams stalled the process for 100 ms. */
const SLOTS = 40;
/** A slot takes this many before the next one is used: a few streams are pinged in one turn. */
const SLOT_RIDERS_MIN = 50;

/** Pings each of its riders once every `periodMs`, some of them in each turn. */
export class PingWheel<Rider> {
  readonly #periodMs: number;
  readonly #ping: (riders: ReadonlySet<Rider>) => void;
  readonly #slots = Array.from({ length: SLOTS }, () => new Set<Rider>());
  readonly #slotOf = new Map<Rider, Set<Rider>>();
  #timer: NodeJS.Timeout | undefined;
  #turn = 0;

  constructor(periodMs: number, ping: (riders: ReadonlySet<Rider>) => void) {
    this.#periodMs = periodMs;
    this.#ping = ping;
  }

  add(rider: Rider): void {
    const enough = Math.max(SLOT_RIDERS_MIN, Math.ceil((this.#slotOf.size + 1) / SLOTS));
    const slot = this.#slots.find(({ size }) => size < enough);
    if (slot === undefined) throw new Error('as many slots of that size hold all riders');
    slot.add(rider);
    this.#slotOf.set(rider, slot);
    this.#timer ??= setInterval(() => this.#advance(), this.#periodMs / SLOTS);
  }

  remove(rider: Rider): void {
    this.#slotOf.get(rider)?.delete(rider);
    this.#slotOf.delete(rider);
    if (this.#slotOf.size === 0) this.stop();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#turn = 0;
  }

  #advance(): void {
    this.#turn = (this.#turn + 1) % SLOTS;
    const slot = this.#slots[this.#turn];
    if (slot !== undefined && slot.size > 0) this.#ping(slot);
  }
}
