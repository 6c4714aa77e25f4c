import type { MemberId } from '@/domain/room';
import { createStore, type Readable } from './store';

/** One seat as the list of people shows it. */
export interface Person {
  memberId: MemberId;
  /** Null: not told yet, or could not be opened; a label made from the memberId stands for it. */
  name: string | null;
  /** 0 to 11: the colour that the memberId names or, where somebody has that already, another. */
  tint: number;
  owner: boolean;
  here: boolean;
  self: boolean;
  joinedAt: number;
}

/** What the server tells of a seat, its name opened. */
export interface Seated {
  memberId: MemberId;
  joinedAt: number;
  owner: boolean;
  here: boolean;
  name: string | null;
}

const TINTS = 12;
/** Shares no factor with the number of colours, and leads far from the one that is taken. */
const TINT_STEP = 5;

/** The colours to try for a member, the first by a hash of the id, so that most are the same on every screen. */
function tintsOf(memberId: MemberId): number[] {
  let hash = 0;
  for (const character of memberId) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 65_521;
  return Array.from({ length: TINTS }, (_, index) => (hash + index * TINT_STEP) % TINTS);
}

export interface People {
  readonly list: Readable<readonly Person[]>;
  /** The last name heard of a member, also after they left. */
  readonly nameOf: (memberId: MemberId) => string | null;
  /** A member's colour, which nobody else has as long as there are colours left. */
  readonly tintOf: (memberId: MemberId) => number;
  readonly ownerId: () => MemberId | null;
  readonly join: (memberId: MemberId, joinedAt: number) => void;
  readonly leave: (memberId: MemberId) => void;
  readonly rename: (memberId: MemberId, name: string | null) => void;
  readonly setOwner: (memberId: MemberId) => void;
  readonly setHere: (here: readonly MemberId[]) => void;
  /** The same by who came and who went since. */
  readonly moveHere: (moved: { came?: readonly MemberId[] | undefined; went?: readonly MemberId[] | undefined }) => void;
  /**
   * To be called before the list is asked for; its answer takes the list that came. What events changed
   * in between is done again on top, for the list may be older than they are. Null: no list came.
   */
  readonly beginRead: () => (seated: readonly Seated[] | null) => void;
  readonly clear: () => void;
}

/** Who holds a seat, in the order of seating, as the server's list and the events after it say. */
export function createPeople(self: MemberId): People {
  const list = createStore<readonly Person[]>([]);
  const names = new Map<MemberId, string | null>();
  const reads = new Set<(() => void)[]>();

  const tints = new Map<MemberId, number>();

  const nameOf = (memberId: MemberId) => names.get(memberId) ?? null;

  function tintOf(memberId: MemberId): number {
    const known = tints.get(memberId);
    if (known !== undefined) return known;
    const taken = new Set(tints.values());
    const [first = 0, ...others] = tintsOf(memberId);
    const tint = [first, ...others].find((candidate) => !taken.has(candidate)) ?? first;
    tints.set(memberId, tint);
    return tint;
  }

  function change(apply: () => void) {
    apply();
    for (const later of reads) later.push(apply);
  }

  const update = (select: (person: Person) => Partial<Person>) =>
    list.set(list.get().map((person) => ({ ...person, ...select(person) })));

  function join(memberId: MemberId, joinedAt: number) {
    if (list.get().some((person) => person.memberId === memberId)) return;
    const seat = { owner: false, here: false, self: memberId === self, joinedAt };
    list.set([...list.get(), { memberId, name: nameOf(memberId), tint: tintOf(memberId), ...seat }]);
  }

  function rename(memberId: MemberId, name: string | null) {
    names.set(memberId, name);
    update((person) => (person.memberId === memberId ? { name } : {}));
  }

  function replace(seated: readonly Seated[]) {
    for (const { memberId, name } of seated) if (name !== null) names.set(memberId, name);
    list.set(
      seated.map((seat) => ({
        ...seat,
        name: nameOf(seat.memberId),
        tint: tintOf(seat.memberId),
        self: seat.memberId === self,
      })),
    );
  }

  return {
    list,
    nameOf,
    tintOf,
    ownerId: () => list.get().find((person) => person.owner)?.memberId ?? null,
    join: (memberId, joinedAt) => change(() => join(memberId, joinedAt)),
    leave: (memberId) => change(() => list.set(list.get().filter((person) => person.memberId !== memberId))),
    rename: (memberId, name) => change(() => rename(memberId, name)),
    setOwner: (memberId) => change(() => update((person) => ({ owner: person.memberId === memberId }))),
    setHere: (here) => change(() => update((person) => ({ here: here.includes(person.memberId) }))),
    moveHere: ({ came = [], went = [] }) =>
      change(() => update((person) => ({ here: (person.here && !went.includes(person.memberId)) || came.includes(person.memberId) }))),
    beginRead: () => {
      const later: (() => void)[] = [];
      reads.add(later);
      return (seated) => {
        reads.delete(later);
        if (seated === null) return;
        replace(seated);
        for (const apply of later) apply();
      };
    },
    clear: () => {
      names.clear();
      tints.clear();
      reads.clear();
      list.set([]);
    },
  };
}
