import 'server-only';
import type { PublishedHere } from '@/server/storage/presence';

/** What is told of who is here: the whole list, or who came and went since the turn before. Null where its writer counts no turns. */
export type PresenceWord =
  | { readonly here: readonly string[]; readonly turn: number | null }
  | { readonly came: readonly string[]; readonly went: readonly string[]; readonly turn: number | null };

/**
 * Who is here, as it was told last. Each word has a turn, one more than the word before, so that a
 * word that was missed shows with the next: differences alone would be wrong from then on.
 */
export class HereList {
  #ids = new Set<string>();
  #turn = 0;
  #sorted: readonly string[] | null = null;

  /** 0 before anything was told. */
  get turn(): number {
    return this.#turn;
  }

  get ids(): readonly string[] {
    this.#sorted ??= [...this.#ids].sort();
    return this.#sorted;
  }

  /** Whether a word builds on one that was not heard. */
  lacks(word: PresenceWord): boolean {
    return 'came' in word && word.turn !== null && word.turn > this.#turn + 1;
  }

  /** Whether the list is another than the one told. */
  differs({ here }: PublishedHere): boolean {
    return here.length !== this.#ids.size || here.some((id) => !this.#ids.has(id));
  }

  /** Takes a word in; false for one that was told before what is known by now. */
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
