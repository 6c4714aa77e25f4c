import type { MemberId } from '@/domain/room';
import { createStore, type Readable } from '@/lib/store';
import { createMeanwhile } from '@/session/meanwhile';
import { createNameBook, type Label, type NameBook } from './name-book';
import { without, withHere, withMoved, withOwner, type Moved, type Person, type Roster } from './roster';

/** A seat as the server lists it, its name opened: undefined when it has none, null when it does not open. */
export interface Seated {
  memberId: MemberId;
  joinedAt: number;
  owner: boolean;
  here: boolean;
  name: string | null | undefined;
}

/** A member has another name now. */
export interface Renaming {
  memberId: MemberId;
  before: Label;
  after: Label;
}

export interface People extends Pick<NameBook, 'labelOf' | 'isNamed'> {
  readonly list: Readable<Roster>;
  /** Another value whenever the label of somebody may have changed. */
  readonly naming: Readable<number>;
  readonly ownerId: () => MemberId | null;
  readonly join: (memberId: MemberId, joinedAt: number) => void;
  readonly leave: (memberId: MemberId) => void;
  /** Takes over a listed name; returns what that changed, if anybody had seen another. */
  readonly rename: (memberId: MemberId, name: string | null) => Renaming | null;
  /**
   * Takes over the name that a message carries. Returns whether its member has another name and was never seen under this one: names
   * of old messages are not news, since a page hears of renamings only while it is there.
   */
  readonly hear: (memberId: MemberId, sender: string | null, timestamp: number) => boolean;
  readonly setOwner: (memberId: MemberId) => void;
  readonly setHere: (here: readonly MemberId[]) => void;
  readonly moveHere: (moved: Moved) => void;
  /**
   * To be called before the list is asked for. The returned function takes the list that came, and returns who has another name
   * by it; null: no list came. Changes that events made in between are made again on top, as the list may be older.
   */
  readonly beginRead: () => (seated: readonly Seated[] | null) => readonly Renaming[];
  readonly clear: () => void;
}

/** The members who hold a seat, as the server's list and the events after it say. */
export function createPeople(self: MemberId): People {
  const list = createStore<Roster>([]);
  const naming = createStore(0);
  const names = createNameBook();
  const { labelOf, isNamed } = names;
  const meanwhile = createMeanwhile<() => void>();
  let isRead = false;

  function change(update: (roster: Roster) => Roster) {
    const apply = () => list.set(update(list.get()));
    apply();
    meanwhile.note(apply);
  }

  const seat = ({ memberId, joinedAt, owner, here }: Omit<Seated, 'name'>): Person => ({
    memberId,
    owner,
    here,
    joinedAt,
    self: memberId === self,
    ...labelOf(memberId),
  });

  const join = (roster: Roster, memberId: MemberId, joinedAt: number) =>
    roster.some((person) => person.memberId === memberId)
      ? roster
      : [...roster, seat({ memberId, joinedAt, owner: false, here: false })];

  /** Somebody's name is another now: in the list first, then wherever names are shown. */
  function showName(memberId: MemberId) {
    list.set(list.get().map((person) => (person.memberId === memberId ? seat(person) : person)));
    naming.set(naming.get() + 1);
  }

  function rename(memberId: MemberId, name: string | null): Renaming | null {
    const [wasNamed, wasListed, before] = [isNamed(memberId), names.isListed(memberId), labelOf(memberId)];
    names.list(memberId, name);
    if (before.name === name && wasListed) return null;
    showName(memberId);
    return wasNamed && before.name !== name ? { memberId, before, after: labelOf(memberId) } : null;
  }

  function takeList(seated: readonly Seated[], changes: readonly (() => void)[]): Renaming[] {
    const listed = seated.map(({ memberId }) => memberId).filter(names.isListed);
    const before = listed.map((memberId) => ({ memberId, before: labelOf(memberId) }));
    for (const { memberId, name } of seated) if (name !== undefined) names.list(memberId, name);
    if (!isRead) names.settle(new Map(seated.map(({ memberId, joinedAt }) => [memberId, joinedAt])));
    isRead = true;
    list.set(seated.map(seat));
    for (const apply of changes) apply();
    naming.set(naming.get() + 1);
    return before
      .map((renaming) => ({ ...renaming, after: labelOf(renaming.memberId) }))
      .filter((renaming) => renaming.after.name !== renaming.before.name);
  }

  return {
    list,
    naming,
    labelOf,
    isNamed,
    ownerId: () => list.get().find((person) => person.owner)?.memberId ?? null,
    join: (memberId, joinedAt) => change((roster) => join(roster, memberId, joinedAt)),
    leave: (memberId) => change((roster) => without(roster, memberId)),
    rename: (memberId, name) => {
      meanwhile.note(() => void rename(memberId, name));
      return rename(memberId, name);
    },
    hear: (memberId, sender, timestamp) => {
      if (sender === null) return false;
      const isNew = names.hear(memberId, sender, timestamp);
      if (!isRead || names.isListed(memberId)) return isRead && isNew;
      if (list.get().some((person) => person.memberId === memberId && person.name !== labelOf(memberId).name))
        showName(memberId);
      return false;
    },
    setOwner: (memberId) => change((roster) => withOwner(roster, memberId)),
    setHere: (here) => change((roster) => withHere(roster, here)),
    moveHere: (moved) => change((roster) => withMoved(roster, moved)),
    beginRead: () => {
      const finish = meanwhile.begin();
      return (seated) => {
        const changes = finish();
        return seated === null ? [] : takeList(seated, changes);
      };
    },
    clear: () => {
      names.clear();
      isRead = false;
      list.set([]);
    },
  };
}
