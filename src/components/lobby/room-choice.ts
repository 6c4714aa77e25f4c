import {
  ROOM_LIFETIME_SECONDS_DEFAULT,
  ROOM_MEMBERS_DEFAULT,
  ROOM_MEMBERS_MAX,
  ROOM_MEMBERS_MIN,
} from '@/domain/room-limits';
import type { OpenRoomOptions } from '@/page/open-room';

/** Stands for a number of people that has no chip. */
export const MORE = 'more';
/** A typed number begins here: whoever wants more than the chips offer wants more than fifty. */
const MORE_AT_FIRST = '100';

/** Rooms for two, for any number, and for everybody. */
export const KINDS = ['pair', 'group', 'public'] as const;
export type Kind = (typeof KINDS)[number];

/** What the form says, in its own words. */
export interface RoomChoice {
  readonly minutes: string;
  /** One of `KINDS`. */
  readonly kind: string;
  /** A number, or `MORE`. Counts for all kinds but two people, who are two. */
  readonly people: string;
  /** What counts for `MORE`. */
  readonly typed: string;
  /** Empty, unless newcomers are to ask first. */
  readonly asks: string;
}

/** A public room as the front page is to list it. */
export type Listing = Required<Pick<OpenRoomOptions, 'listed' | 'topic'>> & Pick<OpenRoomOptions, 'language'>;

export const FIRST_CHOICE: RoomChoice = {
  minutes: String(ROOM_LIFETIME_SECONDS_DEFAULT / 60),
  kind: 'group' satisfies Kind,
  people: String(ROOM_MEMBERS_DEFAULT),
  typed: MORE_AT_FIRST,
  asks: '',
};

export function readChoice(data: FormData): RoomChoice {
  const read = (name: keyof RoomChoice): string => {
    const value = data.get(name);
    return typeof value === 'string' ? value : FIRST_CHOICE[name];
  };
  return {
    minutes: read('minutes'),
    kind: read('kind'),
    people: read('people'),
    typed: read('typed'),
    asks: read('asks'),
  };
}

/** Returns how many the room is for, or null when no room can have that many. */
export function peopleOf({ kind, people, typed }: RoomChoice): number | null {
  if (kind === 'pair') return 2;
  const text = people === MORE ? typed : people;
  const count = Number(text);
  return text.trim() !== '' && Number.isInteger(count) && count >= ROOM_MEMBERS_MIN && count <= ROOM_MEMBERS_MAX
    ? count
    : null;
}

/** What the server is asked for, or null while something is missing; `listing` is of the fields that only public rooms have. */
export function roomAsked(choice: RoomChoice, listing: Listing | null): OpenRoomOptions | null {
  const maxMembers = peopleOf(choice);
  if (maxMembers === null) return null;
  const asked: OpenRoomOptions = { lifetimeSeconds: Number(choice.minutes) * 60, maxMembers };
  if (choice.asks !== '') asked.entry = 'knock';
  if (choice.kind === 'public') return listing && { ...asked, ...listing };
  return choice.kind === 'pair' ? { ...asked, locksWhenFull: true } : asked;
}
