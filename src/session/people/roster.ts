import type { MemberId } from '@/domain/room';
import type { Label } from './name-book';

/** One seat as the list of people shows it. */
export interface Person extends Label {
  memberId: MemberId;
  owner: boolean;
  here: boolean;
  self: boolean;
  joinedAt: number;
}

/** Everybody who holds a seat, in the order of seating. A change keeps the objects of people who stay as they are. */
export type Roster = readonly Person[];

export const withJoined = (roster: Roster, joined: Person): Roster =>
  roster.some(({ memberId }) => memberId === joined.memberId) ? roster : [...roster, joined];

export const withLabel = (roster: Roster, memberId: MemberId, label: Label): Roster =>
  roster.map((person) => (person.memberId === memberId ? { ...person, ...label } : person));

export const without = (roster: Roster, memberId: MemberId): Roster =>
  roster.filter((person) => person.memberId !== memberId);

/** In an older list the seat may stand under both ids. */
export const withMovedSeat = (roster: Roster, memberId: MemberId, moved: Person): Roster =>
  without(roster, moved.memberId).map((person) => (person.memberId === memberId ? moved : person));

export const withOwner = (roster: Roster, memberId: MemberId): Roster =>
  roster.map((person) =>
    person.owner === (person.memberId === memberId) ? person : { ...person, owner: !person.owner },
  );

export function withHere(roster: Roster, present: ReadonlySet<MemberId>): Roster {
  return changeHere(roster, ({ memberId }) => present.has(memberId));
}

/** The members who came and went since. */
export interface Moved {
  came?: readonly MemberId[] | undefined;
  went?: readonly MemberId[] | undefined;
}

export function withMoved(roster: Roster, { came = [], went = [] }: Moved): Roster {
  const [arrived, left] = [new Set(came), new Set(went)];
  return changeHere(roster, ({ memberId, here }) => arrived.has(memberId) || (here && !left.has(memberId)));
}

/** Whoever reads it is here. Presence is published often and changes little: a roster in which nothing changes stays the same. */
function changeHere(roster: Roster, isHere: (person: Person) => boolean): Roster {
  const next = roster.map((person) => {
    const here = person.self || isHere(person);
    return here === person.here ? person : { ...person, here };
  });
  return next.some((person, index) => person !== roster[index]) ? next : roster;
}
