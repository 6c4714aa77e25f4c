import 'server-only';
import type { PublishedHere } from '@/server/storage/presence';

/**
 * A publication about who is here: the whole list, or who came and went since the turn before. `turn` is null where its
 * writer does not count turns.
 */
export type PresenceWord =
  | { readonly here: readonly string[]; readonly turn: number | null }
  | { readonly came: readonly string[]; readonly went: readonly string[]; readonly turn: number | null };

/**
 * The members who are here, as last reported. Each report has a turn, one higher than the report before it, so a missed
 * one shows with the next: without turns, differences would be wrong from then on.
 */
export class HereList {
  #ids = new Set<string>();
  #turn = 0;
  #sorted: readonly string[] | null = null;

  /** 0 before the first report. */
  get turn(): number {
    return this.#turn;
  }

  get ids(): readonly string[] {
    this.#sorted ??= [...this.#ids].sort();
    return this.#sorted;
  }

  /** Whether a report builds on one that was not heard. */
  lacks(word: PresenceWord): boolean {
    return 'came' in word && word.turn !== null && word.turn > this.#turn + 1;
  }

  /** Whether the list is another than the one reported. */
  differs({ here }: PublishedHere): boolean {
    return here.length !== this.#ids.size || here.some((id) => !this.#ids.has(id));
  }

  /** Applies a report; false when it is older than the list. */
  take(word: PresenceWord): boolean {
    if (word.turn !== null && word.turn <= this.#turn) return false;
    this.#turn = word.turn ?? this.#turn;
    this.#sorted = null;
    if ('here' in word) {
      this.#ids = new Set(word.here);
      return true;
    }
    for (const id of word.came) this.#ids.add(id);
    for (const id of word.went) this.#ids.delete(id);
    return true;
  }
}
