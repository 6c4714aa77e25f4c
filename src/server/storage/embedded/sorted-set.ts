import 'server-only';
import type { Bytes } from './bytes';
import { MEMBER_FOOTPRINT, VALUE_FOOTPRINT, stringFootprint } from './footprint';
import { Value } from './values';

export interface ScoredMember {
  readonly member: Bytes;
  readonly score: number;
}

/** Scores from `min` to `max`; an exclusive end is not itself part of the range. */
export interface ScoreRange {
  readonly min: number;
  readonly minExclusive: boolean;
  readonly max: number;
  readonly maxExclusive: boolean;
}

/** Members by score, equal scores by the bytes of the member. */
export class SortedSet extends Value {
  readonly type = 'zset';
  readonly #scores = new Map<Bytes, number>();
  readonly #ordered: ScoredMember[] = [];

  constructor() {
    super(VALUE_FOOTPRINT.zset);
  }

  get isEmpty(): boolean {
    return this.#ordered.length === 0;
  }

  get size(): number {
    return this.#ordered.length;
  }

  score(member: Bytes): number | undefined {
    return this.#scores.get(member);
  }

  set(member: Bytes, score: number): void {
    this.delete(member);
    this.grow(MEMBER_FOOTPRINT + stringFootprint(member));
    this.#scores.set(member, score);
    this.#ordered.splice(this.#place(member, score), 0, { member, score });
  }

  delete(member: Bytes): boolean {
    const score = this.#scores.get(member);
    if (score === undefined) return false;
    this.grow(-(MEMBER_FOOTPRINT + stringFootprint(member)));
    this.#scores.delete(member);
    this.#ordered.splice(this.#place(member, score), 1);
    return true;
  }

  /** Members at the ranks from `start` up to but not including `end`. */
  byRank(start: number, end: number): ScoredMember[] {
    return this.#ordered.slice(start, end);
  }

  byScore(range: ScoreRange): ScoredMember[] {
    const start = this.#firstRank((score) => (range.minExclusive ? score > range.min : score >= range.min));
    const end = this.#firstRank((score) => (range.maxExclusive ? score >= range.max : score > range.max));
    return this.#ordered.slice(start, end);
  }

  /** The rank of the first score for which `reached` holds; it must hold for all that follow. */
  #firstRank(reached: (score: number, member: Bytes) => boolean): number {
    let low = 0;
    let high = this.#ordered.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const entry = this.#ordered[middle];
      if (entry === undefined || reached(entry.score, entry.member)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #place(member: Bytes, score: number): number {
    return this.#firstRank((other, name) => other > score || (other === score && name >= member));
  }
}
