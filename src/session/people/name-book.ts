import type { MemberId } from '@/domain/room';
import { namesake } from '@/domain/text-rules';
import { createMarks } from './marks';
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

export interface NameBook {
  /**
   * How a seat is shown, also after its member left: by the name that the server was told. Where it was told none, by the name
   * that the message in question carries or, without one in question, the newest one did.
   */
  readonly labelOf: (memberId: MemberId, sender?: string | null) => Label;
  /** Whether a name was ever told of a seat, be it one that does not open. */
  readonly isNamed: (memberId: MemberId) => boolean;
  /** Whether the server was told one, so that no message's word stands in for it. */
  readonly isTold: (memberId: MemberId) => boolean;
  /** Takes the name that the server was told, null when it does not open. */
  readonly tell: (memberId: MemberId, name: string | null) => void;
  /** Takes the name that a message carries. Answers whether its member was never seen under it before. */
  readonly hear: (memberId: MemberId, sender: string, timestamp: number) => boolean;
  /**
   * Takes when the seats were taken, and gives everybody mark and colour for the room's life: colours by the order of seating,
   * marks by who is called so for longer, so that taking the name of somebody seated later does not take its bare form.
   */
  readonly settle: (seatedAt: ReadonlyMap<MemberId, number>) => void;
  readonly clear: () => void;
}

/** By their times and, where those are the same, by their ids: in one order on every screen. */
const inOrder = (times: Iterable<readonly [MemberId, number]>): MemberId[] =>
  [...times]
    .sort(([one, oneAt], [other, otherAt]) => oneAt - otherAt || (one < other ? -1 : 1))
    .map(([memberId]) => memberId);

/** What is known of names, also of members who left. */
export function createNameBook(): NameBook {
  const told = new Map<MemberId, string | null>();
  /** What messages said: the newest name, and since when the seat has been heard. */
  const heard = new Map<MemberId, { name: string; at: number; since: number }>();
  /** All names that a seat was seen under, and when a message last carried each. */
  const seenAs = new Map<MemberId, Map<string, number>>();
  const marks = createMarks();
  const tints = createTints();

  function labelOf(memberId: MemberId, sender?: string | null): Label {
    const said = sender === undefined ? heard.get(memberId)?.name : sender;
    const name = (told.has(memberId) ? told.get(memberId) : said) ?? null;
    const mark = name === null ? undefined : marks.of(memberId, name);
    return { name, mark, tint: tints.of(memberId) };
  }

  /** Answers whether it was not among them yet. */
  function noteSeenAs(memberId: MemberId, name: string, timestamp: number): boolean {
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

  return {
    labelOf,
    isNamed: (memberId) => told.has(memberId) || heard.has(memberId),
    isTold: (memberId) => told.has(memberId),
    tell: (memberId, name) => {
      told.set(memberId, name);
      // No message carried it, so it says nothing about when.
      if (name !== null) noteSeenAs(memberId, name, -Infinity);
    },
    hear: (memberId, name, timestamp) => {
      const known = heard.get(memberId);
      const since = Math.min(timestamp, known?.since ?? timestamp);
      const newest = known === undefined || timestamp >= known.at ? { name, at: timestamp } : known;
      heard.set(memberId, { ...newest, since });
      return noteSeenAs(memberId, name, timestamp);
    },
    settle: (seatedAt) => {
      // Of members who left before, only their messages are known.
      const since = new Map([...heard].map(([memberId, seat]) => [memberId, seat.since]));
      for (const [memberId, at] of seatedAt) since.set(memberId, at);
      tints.settle(inOrder(since));
      const calledAt = [...since].map(([memberId, at]) => [memberId, calledSince(memberId, at)] as const);
      marks.clear();
      inOrder(calledAt).forEach((memberId) => labelOf(memberId));
    },
    clear: () => {
      told.clear();
      heard.clear();
      seenAs.clear();
      marks.clear();
      tints.clear();
    },
  };
}
