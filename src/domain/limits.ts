/** Ten minutes: long enough to say it, short enough to be forgotten. */
export const ROOM_LIFETIME_SECONDS_DEFAULT = 600;
/** Below a minute nobody has opened the link yet. */
export const ROOM_LIFETIME_SECONDS_MIN = 60;
/** Above an hour a room stops being ephemeral. */
export const ROOM_LIFETIME_SECONDS_MAX = 3_600;

/** Small by default: a link that leaks further than meant lets in few. */
export const ROOM_MEMBERS_DEFAULT = 10;
/** One person alone has nobody to talk with. */
export const ROOM_MEMBERS_MIN = 2;
/** What one stream hub and one list of people were measured to carry well. */
export const ROOM_MEMBERS_MAX = 1_000;

/** Characters are Unicode code points, here and in the browser. */
export const SENDER_CHARACTERS_MAX = 100;
export const TEXT_CHARACTERS_MAX = 1_000;
/** A sealed text of 4,096 padded bytes takes some 5,500 characters; the rest is room for other clients. */
export const SEALED_CHARACTERS_MAX = 8_192;

/** Long enough that two clients do not pick the same by chance. */
export const MESSAGE_ID_CHARACTERS_MIN = 8;
export const MESSAGE_ID_CHARACTERS_MAX = 64;

export const MESSAGES_PER_PAGE_DEFAULT = 100;
export const MESSAGES_PER_PAGE_MAX = 200;

/** 64 kB: four times the largest valid request, two sealed strings and their JSON. */
export const BODY_BYTES_MAX = 65_536;
