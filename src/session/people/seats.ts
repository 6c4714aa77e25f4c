import type { MemberId } from '@/domain/room';
import { createStore, type Readable } from '@/lib/store';
import type { Meanwhile } from '@/session/meanwhile';
import type { NameBook } from './name-book';
import {
  withHere,
  withJoined,
  withLabel,
  withMoved,
  withMovedSeat,
  withOwner,
  without,
  type Moved,
  type Person,
  type Roster,
} from './roster';

/** A seat as the server lists it, its name opened: undefined when it has none, null when it does not open. */
export interface Seated {
  memberId: MemberId;
  joinedAt: number;
  owner: boolean;
  here: boolean;
  name: string | null | undefined;
  unverified?: true;
}

export interface Seats {
  readonly list: Readable<Roster>;
  readonly ownerId: () => MemberId | null;
  readonly join: (memberId: MemberId, joinedAt: number) => void;
  readonly leave: (memberId: MemberId) => void;
  /** The seat of a member who made new keys goes on under another id, at its place in the list. */
  readonly move: (memberId: MemberId, to: MemberId, joinedAt: number) => void;
  readonly setOwner: (memberId: MemberId) => void;
  readonly setHere: (here: readonly MemberId[]) => void;
  readonly moveHere: (moved: Moved) => void;
  /** Shows somebody under the label that they have now. */
  readonly relabel: (memberId: MemberId) => void;
  readonly replace: (seated: readonly Omit<Seated, 'name'>[]) => void;
}

/** A page opens its stream within moments of joining. Whoever has not by then joined without listening. */
const ARRIVAL_MS = 5_000;

/** The list of people. `meanwhile` notes what events change in it. */
export function createSeats(self: MemberId, labelOf: NameBook['labelOf'], meanwhile: Meanwhile<() => void>): Seats {
  const list = createStore<Roster>([]);
  /** Newcomers that no list of those here has named yet. */
  const arriving = new Set<MemberId>();

  function change(update: (roster: Roster) => Roster) {
    const apply = () => list.set(update(list.get()));
    apply();
    meanwhile.note(apply);
  }

  const seat = ({ memberId, joinedAt, owner, here }: Omit<Seated, 'name'>): Person => ({
    memberId,
    owner,
    // Whoever reads this is here, and newcomers are: a list may have been made before their stream was open.
    here: here || memberId === self || arriving.has(memberId),
    joinedAt,
    self: memberId === self,
    ...labelOf(memberId),
  });

  return {
    list,
    ownerId: () => list.get().find((person) => person.owner)?.memberId ?? null,
    join: (memberId, joinedAt) => {
      arriving.add(memberId);
      setTimeout(() => {
        if (arriving.delete(memberId)) change((roster) => withMoved(roster, { went: [memberId] }));
      }, ARRIVAL_MS);
      change((roster) => withJoined(roster, seat({ memberId, joinedAt, owner: false, here: true })));
    },
    leave: (memberId) => {
      arriving.delete(memberId);
      change((roster) => without(roster, memberId));
    },
    move: (memberId, to, joinedAt) =>
      change((roster) => {
        const before = roster.find((person) => person.memberId === memberId);
        const { owner = false, here = false } = before ?? {};
        const moved = seat({ memberId: to, joinedAt, owner, here });
        return before === undefined ? withJoined(roster, moved) : withMovedSeat(roster, memberId, moved);
      }),
    setOwner: (memberId) => change((roster) => withOwner(roster, memberId)),
    setHere: (here) => {
      const present = new Set(here);
      for (const memberId of arriving) if (present.has(memberId)) arriving.delete(memberId);
      for (const memberId of arriving) present.add(memberId);
      change((roster) => withHere(roster, present));
    },
    moveHere: (moved) => {
      if (arriving.size > 0) for (const memberId of moved.came ?? []) arriving.delete(memberId);
      change((roster) => withMoved(roster, moved));
    },
    relabel: (memberId) => {
      // A member who is not in the list gets no mark by it: the mark would go to whoever had the name first.
      if (list.get().some((person) => person.memberId === memberId)) {
        list.set(withLabel(list.get(), memberId, labelOf(memberId)));
      }
    },
    replace: (seated) => {
      for (const { memberId, here } of seated) if (here) arriving.delete(memberId);
      list.set(seated.map(seat));
    },
  };
}
