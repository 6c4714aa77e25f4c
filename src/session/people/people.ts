import type { MemberId } from '@/domain/room';
import { createStore, type Readable } from '@/lib/store';
import { createMeanwhile } from '@/session/meanwhile';
import { createCalling, type Calling } from './calling';
import { createNameBook, type Label, type NameBook } from './name-book';
import { createSeats, type Seated, type Seats } from './seats';

/** As the list has it: null where it cannot be shown. */
export type ListedName = Pick<Label, 'name' | 'unverified'>;

/** A member has another name now. */
export interface Renaming {
  memberId: MemberId;
  before: Label;
  after: Label;
}

export interface People extends Omit<Seats, 'relabel' | 'replace'>, Pick<NameBook, 'labelOf' | 'isNamed'>, Calling {
  /** Another value whenever the label of somebody may have changed. */
  readonly naming: Readable<number>;
  /** Takes over a listed name; returns what that changed, if anybody had seen another. */
  readonly rename: (memberId: MemberId, heard: ListedName) => Renaming | null;
  /**
   * Takes over the name that a message carries. Returns whether its member has another name and was never seen under this one:
   * names of old messages are not news, since a page hears of renamings only while it is there.
   */
  readonly hear: (memberId: MemberId, sender: string | null, timestamp: number) => boolean;
  /**
   * To be called before the list is asked for. The returned function takes the list that came, and returns which members have
   * another name by it; null: no list came. Changes that events made in between are made again on top, as the list may be older.
   */
  readonly beginRead: () => (seated: readonly Seated[] | null) => readonly Renaming[];
  readonly clear: () => void;
}

/** The members who hold a seat and the names of all who were heard, as the server's list and the events after it say. */
export function createPeople(self: MemberId): People {
  const naming = createStore(0);
  const names = createNameBook();
  const { labelOf, isNamed } = names;
  const calling = createCalling(names, naming);
  const meanwhile = createMeanwhile<() => void>();
  const { relabel, replace, ...seats } = createSeats(self, labelOf, meanwhile);
  let isRead = false;

  /** Somebody's name is another now: in the list first, then wherever names are shown. */
  function showName(memberId: MemberId) {
    relabel(memberId);
    naming.set(naming.get() + 1);
  }

  function rename(memberId: MemberId, { name, unverified }: ListedName): Renaming | null {
    const before = labelOf(memberId);
    const isOld = names.isListed(memberId) && before.name === name && before.unverified === unverified;
    const [renaming = null] = renamingsBy([memberId].filter(isNamed), labelOf, () =>
      names.list(memberId, name, unverified),
    );
    if (!isOld) showName(memberId);
    return renaming;
  }

  function takeList(seated: readonly Seated[], changes: readonly (() => void)[]) {
    for (const { memberId, name, unverified } of seated) if (name !== undefined) names.list(memberId, name, unverified);
    if (!isRead) names.settle(new Map(seated.map(({ memberId, joinedAt }) => [memberId, joinedAt])));
    isRead = true;
    replace(seated);
    for (const apply of changes) apply();
    naming.set(naming.get() + 1);
  }

  return {
    ...seats,
    ...calling,
    naming,
    labelOf,
    isNamed,
    rename: (memberId, name) => {
      meanwhile.note(() => void rename(memberId, name));
      return rename(memberId, name);
    },
    hear: (memberId, sender, timestamp) => {
      if (sender === null) return false;
      const isNew = names.hear(memberId, sender, timestamp);
      if (!isRead || names.isListed(memberId)) return isRead && isNew;
      const person = seats.list.get().find((candidate) => candidate.memberId === memberId);
      if (person !== undefined && person.name !== labelOf(memberId).name) showName(memberId);
      return false;
    },
    beginRead: () => {
      const finish = meanwhile.begin();
      return (seated) => {
        const changes = finish();
        if (seated === null) return [];
        const listed = seated.map(({ memberId }) => memberId).filter(names.isListed);
        return renamingsBy(listed, labelOf, () => takeList(seated, changes));
      };
    },
    clear: () => {
      names.clear();
      isRead = false;
      replace([]);
    },
  };
}

/** Runs `apply`, and returns which of these members have another name by it. */
function renamingsBy(memberIds: readonly MemberId[], labelOf: NameBook['labelOf'], apply: () => void): Renaming[] {
  const before = memberIds.map((memberId) => ({ memberId, before: labelOf(memberId) }));
  apply();
  return before
    .map((renaming) => ({ ...renaming, after: labelOf(renaming.memberId) }))
    .filter((renaming) => renaming.after.name !== renaming.before.name);
}
