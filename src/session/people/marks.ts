import type { MemberId } from '@/domain/room';
import { endsInMark, namesake } from '@/domain/text-rules';

export interface Marks {
  /**
   * The number that stands behind a name, or undefined for the seat that had it first. A seat keeps its number for a name, also
   * while it has another one and after it is given up: messages read under a name stay with the member who sent them.
   */
  readonly of: (memberId: MemberId, name: string) => number | undefined;
  /** Gives all numbers back. */
  readonly clear: () => void;
}

/** Numbers seats with the same name, in the order in which they are asked about. */
export function createMarks(): Marks {
  const seats = new Map<string, Map<MemberId, number>>();
  /** By the name as it is written: folding one takes its time, and every message asks. */
  const known = new Map<string, { same: Map<MemberId, number>; typed: boolean }>();

  function find(name: string) {
    const found = known.get(name);
    if (found !== undefined) return found;
    const key = namesake(name);
    const same = seats.get(key) ?? new Map<MemberId, number>();
    seats.set(key, same);
    const entry = { same, typed: endsInMark(name) };
    known.set(name, entry);
    return entry;
  }

  return {
    of: (memberId, name) => {
      const { same, typed } = find(name);
      const number = same.get(memberId) ?? same.size + 1;
      same.set(memberId, number);
      // A name that somebody ended in a mark always gets one of ours behind it, so that it cannot pass for a mark of ours.
      return number > 1 || typed ? number : undefined;
    },
    clear: () => {
      seats.clear();
      known.clear();
    },
  };
}
