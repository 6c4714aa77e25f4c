import type { MemberId } from '@/domain/room';
import { namesake } from '@/domain/text-rules';
import { createMarks } from './marks';
import { createStore, type Readable } from './store';
import { createTints } from './tints';

/** How a seat is shown. */
export interface Label {
  /** Null: not told yet, or could not be opened; a label made from the memberId stands for it. */
  name: string | null;
  /** Tells the name from the same name of a seat before this one: stands behind it. */
  mark?: number | undefined;
  /** 0 to 11, the same for the room's life. */
  tint: number;
}

/** One seat as the list of people shows it. */
export interface Person extends Label {
  memberId: MemberId;
  owner: boolean;
  here: boolean;
  self: boolean;
  joinedAt: number;
}

/** What the server tells of a seat, its name opened: undefined when none was told, null when it does not open. */
export interface Seated {
  memberId: MemberId;
  joinedAt: number;
  owner: boolean;
  here: boolean;
  name: string | null | undefined;
}

/** Somebody is called otherwise now. */
export interface Renaming {
  memberId: MemberId;
  before: Label;
  after: Label;
}

export interface People {
  readonly list: Readable<readonly Person[]>;
  /** Another value whenever somebody is shown otherwise than before. */
  readonly naming: Readable<number>;
  /**
   * How a seat is shown, also after its member left: by the name that the list of seats has. Where that has none, by the name
   * that the message in question carries or, without one in question, the newest one did.
   */
  readonly labelOf: (memberId: MemberId, sender?: string | null) => Label;
  /** Whether a name was ever told of a seat, be it one that does not open. */
  readonly isNamed: (memberId: MemberId) => boolean;
  readonly ownerId: () => MemberId | null;
  readonly join: (memberId: MemberId, joinedAt: number) => void;
  readonly leave: (memberId: MemberId) => void;
  /** Takes the name that the server was told; answers what that changed, if anybody had seen another. */
  readonly rename: (memberId: MemberId, name: string | null) => Renaming | null;
  /**
   * Takes the name that a message carries. Answers whether its member is called otherwise and never had been called so: names
   * of old messages are no news, since a page hears of renamings only while it is there.
   */
  readonly hear: (memberId: MemberId, sender: string | null, timestamp: number) => boolean;
  readonly setOwner: (memberId: MemberId) => void;
  readonly setHere: (here: readonly MemberId[]) => void;
  /** The same by who came and who went since. */
  readonly moveHere: (moved: { came?: readonly MemberId[] | undefined; went?: readonly MemberId[] | undefined }) => void;
  /**
   * To be called before the list is asked for; its answer takes the list that came, and answers who is called otherwise by it.
   * What events changed in between is done again on top, for the list may be older than they are. Null: no list came.
   */
  readonly beginRead: () => (seated: readonly Seated[] | null) => readonly Renaming[];
  readonly clear: () => void;
}

/** By their times and, where those are the same, by their ids: in one order on every screen. */
const inOrder = (times: Iterable<readonly [MemberId, number]>): MemberId[] =>
  [...times].sort(([one, oneAt], [other, otherAt]) => oneAt - otherAt || (one < other ? -1 : 1)).map(([memberId]) => memberId);

/** Who holds a seat, in the order of seating, as the server's list and the events after it say. */
export function createPeople(self: MemberId): People {
  const list = createStore<readonly Person[]>([]);
  const naming = createStore(0);
  /** What the server was told: null when it does not open, and then no message's word stands in for it. */
  const told = new Map<MemberId, string | null>();
  /** What messages said: the newest name, and since when the seat has been heard. */
  const heard = new Map<MemberId, { name: string; at: number; since: number }>();
  /** All names that a seat was seen under, and when a message last carried each. */
  const seenAs = new Map<MemberId, Map<string, number>>();
  const marks = createMarks();
  const tints = createTints();
  const reads = new Set<(() => void)[]>();
  let isRead = false;

  function labelOf(memberId: MemberId, sender?: string | null): Label {
    const said = sender === undefined ? heard.get(memberId)?.name : sender;
    const name = (told.has(memberId) ? told.get(memberId) : said) ?? null;
    const mark = name === null ? undefined : marks.of(memberId, name);
    return { name, mark, tint: tints.of(memberId) };
  }

  const isNamed = (memberId: MemberId) => told.has(memberId) || heard.has(memberId);

  /** Answers whether it was not among them yet. */
  function noteSeenAs(memberId: MemberId, name: string, timestamp = -Infinity): boolean {
    const names = seenAs.get(memberId) ?? new Map<string, number>();
    seenAs.set(memberId, names);
    const key = namesake(name);
    const last = names.get(key);
    names.set(key, Math.max(timestamp, last ?? -Infinity));
    return last === undefined;
  }

  /** Since when a seat is called as it is: since it was taken or, where messages show another name, since the last of those. */
  function calledSince(memberId: MemberId, seatedAt: number): number {
    const { name } = labelOf(memberId);
    const key = name === null ? null : namesake(name);
    const otherwise = [...(seenAs.get(memberId) ?? [])].filter(([other]) => other !== key).map(([, at]) => at);
    return Math.max(seatedAt, ...otherwise);
  }

  function change(apply: () => void) {
    apply();
    for (const later of reads) later.push(apply);
  }

  /** `select` answers null for those who stay as they are. */
  function update(select: (person: Person) => Partial<Person> | null) {
    const before = list.get();
    const next = before.map((person) => {
      const changed = select(person);
      return changed === null ? person : { ...person, ...changed };
    });
    if (next.some((person, index) => person !== before[index])) list.set(next);
  }

  const seat = ({ memberId, joinedAt, owner, here }: Omit<Seated, 'name'>): Person => ({
    memberId, owner, here, joinedAt, self: memberId === self, ...labelOf(memberId),
  });

  /** Somebody's name is another now: the list first, then all that is told by names. */
  function showName(memberId: MemberId) {
    list.set(list.get().map((person) => (person.memberId === memberId ? seat(person) : person)));
    naming.set(naming.get() + 1);
  }

  function join(memberId: MemberId, joinedAt: number) {
    if (list.get().some((person) => person.memberId === memberId)) return;
    list.set([...list.get(), seat({ memberId, joinedAt, owner: false, here: false })]);
  }

  function rename(memberId: MemberId, name: string | null): Renaming | null {
    const wasNamed = isNamed(memberId);
    const before = labelOf(memberId);
    const wasTold = told.has(memberId);
    told.set(memberId, name);
    if (name !== null) noteSeenAs(memberId, name);
    if (before.name === name && wasTold) return null;
    showName(memberId);
    return wasNamed && before.name !== name ? { memberId, before, after: labelOf(memberId) } : null;
  }

  /**
   * Colours by the order of seating, marks by who is called so for longer, so that taking the name of somebody seated later does
   * not take its bare form. Of members who left before, only their messages are known.
   */
  function settle(seated: readonly Seated[]) {
    isRead = true;
    const seatedAt = new Map([...heard].map(([memberId, { since }]) => [memberId, since]));
    for (const { memberId, joinedAt } of seated) seatedAt.set(memberId, joinedAt);
    tints.settle(inOrder(seatedAt));
    const calledAt = [...seatedAt].map(([memberId, at]) => [memberId, calledSince(memberId, at)] as const);
    marks.clear();
    inOrder(calledAt).forEach((memberId) => labelOf(memberId));
  }

  function replace(seated: readonly Seated[]) {
    for (const { memberId, name } of seated) {
      if (name === undefined) continue;
      told.set(memberId, name);
      if (name !== null) noteSeenAs(memberId, name);
    }
    if (!isRead) settle(seated);
    list.set(seated.map(seat));
  }

  function finish(seated: readonly Seated[], later: readonly (() => void)[]): Renaming[] {
    const before = new Map([...told.keys()].map((memberId) => [memberId, labelOf(memberId)]));
    replace(seated);
    for (const apply of later) apply();
    naming.set(naming.get() + 1);
    return [...before].flatMap(([memberId, label]) => {
      const after = labelOf(memberId);
      return after.name === label.name ? [] : [{ memberId, before: label, after }];
    });
  }

  return {
    list,
    naming,
    labelOf,
    isNamed,
    ownerId: () => list.get().find((person) => person.owner)?.memberId ?? null,
    join: (memberId, joinedAt) => change(() => join(memberId, joinedAt)),
    leave: (memberId) => change(() => list.set(list.get().filter((person) => person.memberId !== memberId))),
    rename: (memberId, name) => {
      for (const later of reads) later.push(() => void rename(memberId, name));
      return rename(memberId, name);
    },
    hear: (memberId, sender, timestamp) => {
      if (sender === null) return false;
      const known = heard.get(memberId);
      const newest = known === undefined || timestamp >= known.at;
      heard.set(memberId, {
        name: newest ? sender : known.name,
        at: newest ? timestamp : known.at,
        since: Math.min(timestamp, known?.since ?? timestamp),
      });
      const isNew = noteSeenAs(memberId, sender, timestamp);
      if (!told.has(memberId) && isRead && newest && sender !== known?.name) showName(memberId);
      return isNew && isRead && told.has(memberId);
    },
    setOwner: (memberId) =>
      change(() => update((person) => (person.owner === (person.memberId === memberId) ? null : { owner: !person.owner }))),
    setHere: (ids) => {
      const present = new Set(ids);
      change(() => update((person) => (person.here === present.has(person.memberId) ? null : { here: !person.here })));
    },
    moveHere: ({ came = [], went = [] }) => {
      const moved = new Map([...went.map((id) => [id, false] as const), ...came.map((id) => [id, true] as const)]);
      change(() =>
        update(({ memberId, here }) => {
          const now = moved.get(memberId) ?? here;
          return now === here ? null : { here: now };
        }),
      );
    },
    beginRead: () => {
      const later: (() => void)[] = [];
      reads.add(later);
      return (seated) => {
        reads.delete(later);
        return seated === null ? [] : finish(seated, later);
      };
    },
    clear: () => {
      told.clear();
      heard.clear();
      seenAs.clear();
      marks.clear();
      tints.clear();
      reads.clear();
      isRead = false;
      list.set([]);
    },
  };
}
