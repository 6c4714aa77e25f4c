import {
  ROOM_LIFETIME_SECONDS_DEFAULT,
  ROOM_MEMBERS_DEFAULT,
  ROOM_MEMBERS_MAX,
  ROOM_MEMBERS_MIN,
} from '@/domain/limits';

/** Stands for a number of people that has no chip. */
export const MORE = 'more';
/** A typed number begins here: whoever wants more than the chips offer wants more than fifty. */
const MORE_AT_FIRST = '100';

/** What the form says, in its own words. */
export interface RoomChoice {
  readonly minutes: string;
  /** A number, or `MORE`. */
  readonly people: string;
  /** What counts for `MORE`. */
  readonly typed: string;
}

export const FIRST_CHOICE: RoomChoice = {
  minutes: String(ROOM_LIFETIME_SECONDS_DEFAULT / 60),
  people: String(ROOM_MEMBERS_DEFAULT),
  typed: MORE_AT_FIRST,
};

export function readChoice(data: FormData): RoomChoice {
  const read = (name: keyof RoomChoice): string => {
    const value = data.get(name);
    return typeof value === 'string' ? value : FIRST_CHOICE[name];
  };
  return { minutes: read('minutes'), people: read('people'), typed: read('typed') };
}

/** Returns how many the room is for, or null when no room can have that many. */
export function peopleOf({ people, typed }: RoomChoice): number | null {
  const text = people === MORE ? typed : people;
  const count = Number(text);
  return text.trim() !== '' && Number.isInteger(count) && count >= ROOM_MEMBERS_MIN && count <= ROOM_MEMBERS_MAX
    ? count
    : null;
}
