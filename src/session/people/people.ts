import type { MemberId } from '@/domain/room';
import { createNameBook, type Label, type NameBook } from './name-book';
import { createStore, type Readable } from '@/lib/store';

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

export interface People extends Pick<NameBook, 'labelOf' | 'isNamed'> {
  readonly list: Readable<readonly Person[]>;
  /** Another value whenever somebody is shown otherwise than before. */
  readonly naming: Readable<number>;
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
  readonly moveHere: (moved: {
    came?: readonly MemberId[] | undefined;
    went?: readonly MemberId[] | undefined;
  }) => void;
  /**
   * To be called before the list is asked for; its answer takes the list that came, and answers who is called otherwise by it.
   * What events changed in between is done again on top, for the list may be older than they are. Null: no list came.
   */
  readonly beginRead: () => (seated: readonly Seated[] | null) => readonly Renaming[];
  readonly clear: () => void;
}

/** Who holds a seat, in the order of seating, as the server's list and the events after it say. */
export function createPeople(self: MemberId): People {
  const list = createStore<readonly Person[]>([]);
  const naming = createStore(0);
  const names = createNameBook();
  const { labelOf } = names;
  const reads = new Set<(() => void)[]>();
  let isRead = false;

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
    memberId,
    owner,
    here,
    joinedAt,
    self: memberId === self,
    ...labelOf(memberId),
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
    const [wasNamed, wasTold, before] = [names.isNamed(memberId), names.isTold(memberId), labelOf(memberId)];
    names.tell(memberId, name);
    if (before.name === name && wasTold) return null;
    showName(memberId);
    return wasNamed && before.name !== name ? { memberId, before, after: labelOf(memberId) } : null;
  }

  function replace(seated: readonly Seated[]) {
    for (const { memberId, name } of seated) if (name !== undefined) names.tell(memberId, name);
    if (!isRead) names.settle(new Map(seated.map(({ memberId, joinedAt }) => [memberId, joinedAt])));
    isRead = true;
    list.set(seated.map(seat));
  }

  function finish(seated: readonly Seated[], later: readonly (() => void)[]): Renaming[] {
    const before = seated
      .filter(({ memberId }) => names.isTold(memberId))
      .map(({ memberId }) => [memberId, labelOf(memberId)] as const);
    replace(seated);
    for (const apply of later) apply();
    naming.set(naming.get() + 1);
    return before.flatMap(([memberId, label]) => {
      const after = labelOf(memberId);
      return after.name === label.name ? [] : [{ memberId, before: label, after }];
    });
  }

  return {
    list,
    naming,
    labelOf,
    isNamed: names.isNamed,
    ownerId: () => list.get().find((person) => person.owner)?.memberId ?? null,
    join: (memberId, joinedAt) => change(() => join(memberId, joinedAt)),
    leave: (memberId) => change(() => list.set(list.get().filter((person) => person.memberId !== memberId))),
    rename: (memberId, name) => {
      for (const later of reads) later.push(() => void rename(memberId, name));
      return rename(memberId, name);
    },
    hear: (memberId, sender, timestamp) => {
      if (sender === null) return false;
      const isNew = names.hear(memberId, sender, timestamp);
      if (!isRead) return false;
      if (names.isTold(memberId)) return isNew;
      if (list.get().some((person) => person.memberId === memberId && person.name !== labelOf(memberId).name))
        showName(memberId);
      return false;
    },
    setOwner: (memberId) =>
      change(() =>
        update((person) => (person.owner === (person.memberId === memberId) ? null : { owner: !person.owner })),
      ),
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
      names.clear();
      reads.clear();
      isRead = false;
      list.set([]);
    },
  };
}
