import type { MemberId } from '@/domain/room';
import { createMarks } from './marks';
import { createSeenNames } from './seen-names';
import { createTints } from './tints';

/** How a seat is shown. */
export interface Label {
  /** Null: not known yet, or could not be opened; a label made from the memberId is shown instead. */
  name: string | null;
  /** A number behind the name, where a seat before this one has the same name. */
  mark?: number | undefined;
  /** 0 to 11, the same for the room's life. */
  tint: number;
  /** Of a sealed room: the seat shows no card that is its own, so nobody can tell who is there. */
  unverified?: true | undefined;
}

/** A name is *listed* when the server has it, in the list of seats or in an event; it is *heard* when a message carries it. */
export interface NameBook {
  /**
   * How a seat is shown, also after its member left: by its listed name. Without one, by the name that the message in
   * question carries or, without a message in question, by the one that the newest message carried.
   */
  readonly labelOf: (memberId: MemberId, sender?: string | null) => Label;
  /** Whether a name of the seat was ever listed or heard, even one that does not open. */
  readonly isNamed: (memberId: MemberId) => boolean;
  /** Whether a name of the seat is listed, so that no message's name replaces it. */
  readonly isListed: (memberId: MemberId) => boolean;
  /** All whose names were listed or heard. */
  readonly everyone: () => Iterable<MemberId>;
  /** Takes over a listed name, null when it cannot be shown. */
  readonly list: (memberId: MemberId, name: string | null, unverified?: true) => void;
  /** Takes over the name that a message carries. Returns whether its member was never seen under it before. */
  readonly hear: (memberId: MemberId, sender: string, timestamp: number) => boolean;
  /**
   * Takes over when the seats were taken, and gives everybody their mark and colour for the room's life: colours by the order of
   * seating, marks by how long a member has had the name, so that taking the name of somebody seated later does not take its
   * bare form.
   */
  readonly settle: (seatedAt: ReadonlyMap<MemberId, number>) => void;
  readonly clear: () => void;
}

/** By their times and, where those are the same, by their ids: in one order on every screen. */
const inOrder = (times: Iterable<readonly [MemberId, number]>): MemberId[] =>
  [...times]
    .sort(([one, oneAt], [other, otherAt]) => oneAt - otherAt || (one < other ? -1 : 1))
    .map(([memberId]) => memberId);

/** All that is known of names, also of members who left. */
export function createNameBook(): NameBook {
  const listed = new Map<MemberId, string | null>();
  const unverified = new Set<MemberId>();
  /** The name that the newest message carried, and since when the seat has been heard. */
  const heard = new Map<MemberId, { name: string; at: number; since: number }>();
  const seen = createSeenNames();
  const marks = createMarks();
  const tints = createTints();

  function labelOf(memberId: MemberId, sender?: string | null): Label {
    const carried = sender === undefined ? heard.get(memberId)?.name : sender;
    const name = (listed.has(memberId) ? listed.get(memberId) : carried) ?? null;
    const mark = name === null ? undefined : marks.of(memberId, name);
    return { name, mark, tint: tints.of(memberId), unverified: unverified.has(memberId) ? true : undefined };
  }

  /** Since when a member has had the name: since the seat was taken or, where messages carried another name, since the last of those. */
  const calledSince = (memberId: MemberId, seatedAt: number) =>
    Math.max(seatedAt, seen.lastUnderAnother(memberId, labelOf(memberId).name));

  return {
    labelOf,
    isNamed: (memberId) => listed.has(memberId) || heard.has(memberId),
    isListed: (memberId) => listed.has(memberId),
    everyone: () => new Set([...heard.keys(), ...listed.keys()]),
    list: (memberId, name, isUnverified) => {
      listed.set(memberId, name);
      if (isUnverified) unverified.add(memberId);
      else unverified.delete(memberId);
      // No message carried it, so it says nothing about when.
      if (name !== null) seen.note(memberId, name, -Infinity);
    },
    hear: (memberId, name, timestamp) => {
      const known = heard.get(memberId);
      const since = Math.min(timestamp, known?.since ?? timestamp);
      const newest = known === undefined || timestamp >= known.at ? { name, at: timestamp } : known;
      heard.set(memberId, { ...newest, since });
      return seen.note(memberId, name, timestamp);
    },
    settle: (seatedAt) => {
      // Of members who left earlier, only their messages are known.
      const since = new Map([...heard].map(([memberId, seat]) => [memberId, seat.since]));
      for (const [memberId, at] of seatedAt) since.set(memberId, at);
      tints.settle(inOrder(since));
      const calledAt = [...since].map(([memberId, at]) => [memberId, calledSince(memberId, at)] as const);
      marks.clear();
      inOrder(calledAt).forEach((memberId) => labelOf(memberId));
    },
    clear: () => [listed, unverified, heard, seen, marks, tints].forEach((names) => names.clear()),
  };
}
