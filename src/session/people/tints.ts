import type { MemberId } from '@/domain/room';

const TINTS = 12;
/** Shares no factor with the number of colours, and leads far away from a colour that is taken. */
const TINT_STEP = 5;

/** The colours to try for a seat, the first by a hash of its id. */
function tintsOf(memberId: MemberId): number[] {
  let hash = 0;
  for (const character of memberId) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 65_521;
  return Array.from({ length: TINTS }, (_, index) => (hash + index * TINT_STEP) % TINTS);
}

export interface Tints {
  /** 0 to 11. No two seats share one as long as there are colours left. */
  readonly of: (memberId: MemberId) => number;
  /**
   * Gives these their colours, the longest seated first. From then on no colour changes; before, everybody has the one that follows
   * from their id, as the order of seating is not known.
   */
  readonly settle: (seated: readonly MemberId[]) => void;
  readonly clear: () => void;
}

/**
 * A colour for every seat, the same on every screen that knows of the same seats: by the id and, where that colour is taken, by
 * the order of seating, never by the order in which a page happens to hear of people.
 */
export function createTints(): Tints {
  const given = new Map<MemberId, number>();
  const taken = new Set<number>();
  let isSettled = false;

  function tintOf(memberId: MemberId): number {
    const known = given.get(memberId);
    if (known !== undefined) return known;
    const [first = 0, ...others] = tintsOf(memberId);
    if (!isSettled) return first;
    const tint = [first, ...others].find((candidate) => !taken.has(candidate)) ?? first;
    given.set(memberId, tint);
    taken.add(tint);
    return tint;
  }

  return {
    of: tintOf,
    settle: (seated) => {
      isSettled = true;
      seated.forEach(tintOf);
    },
    clear: () => {
      isSettled = false;
      given.clear();
      taken.clear();
    },
  };
}
