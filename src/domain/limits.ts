/** Long enough to say goodbye in; the talk says that it has begun. */
export const LAST_MINUTE_MS = 60_000;

/** Long enough to keep a copy, and to agree on where to go on. */
export const LAST_WORDS_MS = 120_000;

/** Characters are Unicode code points, here and in the browser. */
export const SENDER_CHARACTERS_MAX = 100;
export const TEXT_CHARACTERS_MAX = 1_000;
/** One emoji joined from many, with skin tones: the longest in use has 10 code points. */
export const EMOJI_CHARACTERS_MAX = 32;
/** More members than anybody addresses in one message. */
export const MENTIONS_MAX = 20;
/** The longest name that file systems take, in bytes, counted in characters. */
export const FILE_NAME_CHARACTERS_MAX = 255;
/** Far more than the longest media type in use, with its parameters. */
export const FILE_TYPE_CHARACTERS_MAX = 128;
/** Content of a whole piece of a file: small enough that a line which breaks costs little, large enough that few are needed. */
export const FILE_PIECE_BYTES = 262_144;
/** What sealing adds to a piece: 12 bytes in front and 16 behind. */
export const FILE_PIECE_SEAL_BYTES = 28;
/** A gigabyte: beyond any limit that a host sets, and a card cannot make a page count any further. */
export const FILE_PIECES_MAX = 4_096;
/** A picture of a phone, or ten minutes of voice; a room with four of them still fits into the memory of a small server. */
export const FILE_BYTES_DEFAULT = 10 * 1_024 * 1_024;
export const ROOM_FILES_BYTES_DEFAULT = 40 * 1_024 * 1_024;
/** Files begun in a room's life, removed ones counted: each leaves its id behind. A guest may begin half of them, guests together all but a quarter. */
export const ROOM_FILES_BEGUN_MAX = 2_000;
/** A picture of 12 kB as a data URL. */
export const PREVIEW_CHARACTERS_MAX = 16_384;
/** Of either side of a preview, in pixels: everybody's page draws it, unasked, whatever a stranger has put there. */
export const PREVIEW_SIDE_MAX = 512;
/** A picture of more pixels than this takes a quarter of a gigabyte to draw: it is saved, and not shown. */
export const PICTURE_PIXELS_MAX = 64_000_000;
/** Longer than anybody wants to listen without being asked; a recording ends here. */
export const VOICE_MS_MAX = 60_000;
/** 32,768 padded bytes and their seal in base64url, and some to spare. */
export const SEALED_CHARACTERS_MAX = 45_056;
/** What such a string holds beside its signature: the end mark takes the last byte. */
export const SEALED_CONTENT_BYTES_MAX = 32_703;
/** A card is always padded to 1,024 bytes. */
export const CARD_CHARACTERS_MAX = 1_500;
/** The members of a room of 100 and the fifty that were removed last. */
export const PREVIOUS_CHARACTERS_MAX = 8_192;

/** How often a room's secret may be replaced. */
export const EPOCHS_MAX = 100;
/** A larger room is not rekeyed: everybody's wrap would be in everybody's stream. */
export const REKEY_MEMBERS_MAX = 100;
/** The newest of those removed since the epoch before that an epoch names. */
export const EPOCH_REMOVED_MAX = 50;
export const EPOCHS_PER_PAGE_MAX = 25;
/** Members who left and whose messages are still there: the newest come with the list, others by their ids. */
export const FORMER_MEMBERS_PER_PAGE_MAX = 200;
export const FORMER_MEMBERS_ASKED_MAX = 50;
/** One browser that lost its keys gets new ones once in this time. */
export const SEAT_MOVES: Rate = { max: 1, windowMs: 60_000 };

/** Long enough that two clients do not pick the same by chance. */
export const MESSAGE_ID_CHARACTERS_MIN = 8;
export const MESSAGE_ID_CHARACTERS_MAX = 64;

export const MESSAGES_PER_PAGE_DEFAULT = 100;
export const MESSAGES_PER_PAGE_MAX = 200;
/** A page ends here even when it holds fewer messages: 200 of the largest would be 2.2 MB for each of many readers at once. */
export const PAGE_BYTES_MAX = 262_144;

/** 64 kB: the largest sealed string and its JSON, and some to spare. */
export const BODY_BYTES_MAX = 65_536;
/** A hundred wraps and what goes with them, and much to spare. */
export const REKEY_BODY_BYTES_MAX = 262_144;

/** A room holds at most this many messages, so nobody can fill everybody's storage with one room. */
export const ROOM_MESSAGES_MAX = 10_000;
/** Holds 2,000 messages of the largest size, or all 10,000 of ordinary ones. */
export const ROOM_BYTES_MAX = 32 * 1_024 * 1_024;
/** Seats given in a room's life, leavers counted: each leaves two events in the stream. */
export const ROOM_SEATS_GIVEN_MAX = 5_000;
/**
 * A guest may use at most this fraction (a quarter) of a room's messages and bytes; as much is kept for the owner,
 * and as much again, divided among the seats, for the guests who have said little so far.
 */
export const ROOM_SHARES = 4;
/** New names of one member, the first one not counted: nobody takes another name this often. */
export const CHANGES_PER_MEMBER_MAX = 200;

/** At most `max` in any `windowMs`, counted exactly. */
export interface Rate {
  max: number;
  windowMs: number;
}

/** Three a second for ten seconds: faster than anybody types, slower than a script that floods. */
export const MESSAGES_PER_MEMBER: Rate = { max: 30, windowMs: 10_000 };
/** Fifteen a second for ten seconds: more than people can read. */
export const MESSAGES_PER_ROOM: Rate = { max: 150, windowMs: 10_000 };
/** Half of the room's rate is divided among its seats and kept for them, whoever else sends. No seat needs more than this. */
export const MESSAGES_KEPT_PER_SEAT_MAX = 5;
/** Ninety texts of 1,000 letters: a page of a book pasted in pieces passes, a script that fills the room takes minutes. */
export const MESSAGE_BYTES_PER_MEMBER: Rate = { max: 131_072, windowMs: 10_000 };
/** At this rate a room of ten minutes is never full. */
export const MESSAGE_BYTES_PER_ROOM: Rate = { max: 524_288, windowMs: 10_000 };
/** Lock, unlock, rename: one a second for half a minute is a person in a hurry. */
export const CHANGES_PER_MEMBER: Rate = { max: 30, windowMs: 30_000 };

/** So many at once, then one more in each interval. */
export interface Pace {
  burst: number;
  intervalMs: number;
}

/** The longest talk at once, then five pages a second; for the list of members, the look at the room and taking messages back alike. */
export const READS_PER_MEMBER: Pace = { burst: 150, intervalMs: 200 };

/** A room's files at once, then 5 MB a second each way: more than a page shows, less than a loop asks for. */
export const PIECES_PER_MEMBER: Pace = { burst: 400, intervalMs: 50 };

/** A message with its edits, named by a page of a sealed room, whose server does not know which belong together. */
export const REMOVALS_PER_REQUEST_MAX = 50;

/** An office behind one address makes fewer; a script that fills the storage makes more. */
export const ROOMS_PER_ADDRESS: Rate = { max: 60, windowMs: 600_000 };
/** Rooms at the same time; destroying one makes place for another. */
export const LIVING_ROOMS_PER_ADDRESS = 30;
/** People behind one address may store this much in words in ten minutes, and as much in files: a class that types never comes near. */
export const ADDRESS_BYTES_MAX = 64 * 1_024 * 1_024;
export const ADDRESS_BYTES_WINDOW_MS = 600_000;
/** A process counts this much by itself before it reports to Redis, so a message stays one command. */
export const ADDRESS_BYTES_STEP = 1_048_576;
/** Files fill no more than this part of the embedded storage: a full one still takes words. */
export const FILES_STORAGE_PART = 0.75;
/** Everybody shares the embedded storage: no address may fill more than this part of it. */
export const ADDRESS_STORAGE_SHARES = 4;
/** A message up to this size passes even then: people share addresses, and a flood is not made of these. */
export const SHORT_MESSAGE_BYTES = 1_024;

/** A member with neither a stream nor a request for this long may lose the seat when somebody waits for one. */
export const GHOST_AFTER_MS = 300_000;
/** A credential not used within this time was lost with its answer, and nobody has it. */
export const UNUSED_SEAT_AFTER_MS = 30_000;
/** In a room for two, the other person is not replaced for having been away. */
export const GHOST_ROOM_MEMBERS_MIN = 3;
/** How often the owner hears that somebody found the room full. */
export const WAITED_GAP_MS = 10_000;
/** A whole class joins from one address within minutes. */
export const JOINS_PER_ADDRESS: Rate = { max: 120, windowMs: 600_000 };
/** Links mistyped or long expired, by all people behind one address. */
export const GUESSES_PER_ADDRESS: Rate = { max: 120, windowMs: 600_000 };

/** Larger rooms show nobody who is writing: somebody always is. */
export const TYPING_MEMBERS_MAX = 50;
/** Larger rooms show nobody how far the others have read: with each seat it costs more, and says less. */
export const SEEN_MEMBERS_MAX = 20;

/** Tabs of one member that cannot share a stream, on every device of theirs. */
export const STREAMS_PER_MEMBER = 12;
/** A page opens one and comes back after waits; a loop that does it all day costs a check and a replay each. */
export const STREAM_OPENINGS_PER_MEMBER: Rate = { max: 30, windowMs: 30_000 };
/** People behind one address with a room open, counted by each process for itself. */
export const STREAMS_PER_ADDRESS = 600;

/** A line on the front page, read at a glance. */
export const TOPIC_CHARACTERS_MAX = 60;
/** The longest tags of BCP 47 in use. */
export const LANGUAGE_CHARACTERS_MAX = 35;
export const SLOW_MODE_SECONDS_MAX = 60;
/** What a front page shows without becoming a directory. */
export const LOBBY_ROOMS_MAX = 100;
/** Rooms of the index that are looked at for it: more than are shown, as some are full or without their owner. */
export const LOBBY_INDEX_READ_MAX = 200;
/** One look at the lobby serves all visitors of a process for this long. */
export const LOBBY_READ_GAP_MS = 2_000;
/** A public room whose owner is away for this long leaves the front page: nobody looks after it. */
export const LISTED_OWNER_AWAY_MS = 120_000;
/** The front page asks every few seconds while it is looked at, and many people share an address: a loop is refused. */
export const LOBBY_READS_PER_ADDRESS: Pace = { burst: 300, intervalMs: 20 };
/** People with a stream are reported this often while there are any: at most three commands a minute of a process. */
export const PEOPLE_REPORT_GAP_MS = 20_000;
/** What a process said counts for this long: one that died is out of the sum well within a minute. */
export const PEOPLE_LEASE_MS = 30_000;
/** Public rooms at the same time. */
export const LISTED_ROOMS_PER_ADDRESS = 1;
/** Reports from this many addresses take a room off the list for good. */
export const REPORTS_TO_UNLIST = 3;
/** Reports of a room from this many addresses keep their reason; those after them only count. */
export const REPORT_REASONS_MAX = 20;
/** Addresses whose reports of one room are counted. */
export const REPORTS_COUNTED_MAX = 100;
/** Reported rooms that an operator is shown, the last to end first. */
export const REPORTED_ROOMS_MAX = 500;
export const REPORT_REASON_CHARACTERS_MAX = 500;
/** Links of somebody who sat down within this time are shown as text in public rooms. */
export const YOUNG_SEAT_MS = 60_000;

/** What an extension adds. */
export const EXTENSION_MS = 600_000;
/** A proposal that not everybody has agreed to by then lapses. */
export const EXTENSION_PROPOSAL_MS = 60_000;
/** The last part of a room's life, in which its page offers ten minutes more. */
export const EXTENSION_OFFERED_MS = 120_000;
/** An owner without a stream for this long may be replaced by anybody who is here. */
export const OWNER_AWAY_MS = 180_000;

/** Answers to proposals, one's own among them: each may be an event that everybody hears. */
export const EXTENSION_ANSWERS_PER_MEMBER: Rate = { max: 10, windowMs: 60_000 };

/** A link, and the few exchanges that lead to it, to several people in a row; then one a second. */
export const WHISPERS_PER_MEMBER: Pace = { burst: 30, intervalMs: 1_000 };
/** A sealed link and what goes with it; never stored. */
export const WHISPER_CHARACTERS_MAX = 8_192;
/** People who wait at one door at the same time. */
export const KNOCKS_MAX = 50;
/** Knocks that a room remembers, answered ones among them: a refusal holds for its credential. */
export const KNOCKS_KEPT_MAX = 200;
/** People behind one address who come to closed doors. */
export const KNOCKS_PER_ADDRESS: Rate = { max: 20, windowMs: 600_000 };
/** Somebody who has not asked for this long has left the door. */
export const KNOCK_STALE_MS = 120_000;
/** One asks again a minute after being refused, and three times in all. */
export const KNOCK_AGAIN_AFTER_MS = 60_000;
export const KNOCKS_REFUSED_MAX = 3;
/** How often somebody at the door asks whether they were let in. */
export const KNOCK_ASKING_GAP_MS = 2_000;

/** Offers of a private talk that a page takes from one member: nobody need hear of being asked again and again. */
export const TALK_OFFERS_PER_MEMBER: Rate = { max: 5, windowMs: 600_000 };
/** Offers on the screen at the same time, of different members, and people asked at the same time. */
export const TALK_OFFERS_MAX = 5;
/** Long enough to see an offer and to think about it; it lapses on both sides after this time. */
export const TALK_OFFER_MS = 180_000;
/** For this long the page says "not now" by itself to a member who got that answer. */
export const TALK_DECLINED_MS = 60_000;
/** Whispers on their way to the screen; beyond that somebody floods. */
export const WHISPERS_WAITING_MAX = 50;
/** Whispers of one member that a page remembers, so that none is heard twice. Beyond that it hears nothing more of them. */
export const WHISPERS_HEARD_MAX = 200;
