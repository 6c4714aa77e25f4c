// What a room is made with. The front page begins with these alone, so they stand apart from the other limits.

/** Ten minutes: long enough to say it, short enough to be forgotten. */
export const ROOM_LIFETIME_SECONDS_DEFAULT = 600;
/** In less than a minute nobody has followed the link yet. */
export const ROOM_LIFETIME_SECONDS_MIN = 60;
/** Above an hour a room stops being ephemeral. */
export const ROOM_LIFETIME_SECONDS_MAX = 3_600;
/** Small by default: a link that leaks further than meant lets in few. */
export const ROOM_MEMBERS_DEFAULT = 10;
/** One person alone has nobody to talk with. */
export const ROOM_MEMBERS_MIN = 2;
/** Measurements showed that one stream hub and one list of people carry this many well. */
export const ROOM_MEMBERS_MAX = 1_000;
