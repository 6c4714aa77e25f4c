import 'server-only';
import type { RoomId } from '@/domain/room';

/**
 * Every key of a room, and the only place to add one. Its name in Lua is the same in upper case (`MESSAGE_IDS`). Scripts
 * write to no other key, each write gives its key the end of the room, and all of them are deleted with the room.
 * The braces put them into one cluster slot, the same that the bare room id of the stream hashes to.
 */
const keysOf = (roomId: string) => ({
  /** Hash: what the room is. */
  room: `room:{${roomId}}`,
  /** Hash: member id → order, joinedAt, token hash, seat, name or card. */
  members: `room:{${roomId}}:members`,
  /** Hash: token hash → member id. */
  tokens: `room:{${roomId}}:tokens`,
  /** Hash: message id → stream id, timestamp, author, kind and link to an edit (lua/message-notes.ts). */
  messageIds: `room:{${roomId}}:message-ids`,
  /** List: times of the latest messages, for the room's rate. */
  sent: `room:{${roomId}}:sent`,
  /** Hash: member id → times of their latest messages, changes and reads. */
  sentBy: `room:{${roomId}}:sent-by`,
  /** Sorted set: member id and process → when the process's lease ends. */
  here: `room:{${roomId}}:here`,
  /** Stream: the events. Upstash Realtime uses the channel's name as the stream's key, so it is the bare id. */
  stream: roomId,
  /** Hash: member id → time of their latest request. */
  seen: `room:{${roomId}}:seen`,
  /** Hash: member id → stream id up to which they have read. */
  readTo: `room:{${roomId}}:read-to`,
  /** Hash: seat → messages and bytes that it has used, and the owners' own. */
  used: `room:{${roomId}}:used`,
  /** Sorted set: seats that were given up → how much of their share is used. */
  free: `room:{${roomId}}:free`,
  /** Hash: member id → how many messages of theirs stand in the stream. */
  said: `room:{${roomId}}:said`,
  /** Hash: id of a member who left → their name or card, empty where no message of theirs is left. */
  former: `room:{${roomId}}:former`,
  /** Sorted set: members who left and whose messages are still there → the order in which they left. */
  formerOrder: `room:{${roomId}}:former-order`,
  /** Hash: epoch → stream id of its `room.rekeyed`, card of its author at that time. */
  epochs: `room:{${roomId}}:epochs`,
  /** Hash: token hash → somebody at the door (lua/knocks.ts). */
  knocks: `room:{${roomId}}:knocks`,
  /** Hash: file id → who began it, its size and how much of it has come (lua/files.ts). */
  files: `room:{${roomId}}:files`,
  /** Hash: file id and index → the bytes of a piece. */
  filePieces: `room:{${roomId}}:file-pieces`,
  /** Hash, in listed rooms: member id → keyed hash of their address, and `refused:` with such a hash. */
  addresses: `room:{${roomId}}:addresses`,
  /** Hash: keyed hash of an address → time and reason of the report from there. */
  reports: `room:{${roomId}}:reports`,
});

export type RoomKeys = ReturnType<typeof keysOf>;
export type RoomKey = keyof RoomKeys;

const ANY_ROOM = keysOf('');
const isRoomKey = (name: string): name is RoomKey => name in ANY_ROOM;
export const ROOM_KEYS: readonly RoomKey[] = Object.keys(ANY_ROOM).filter(isRoomKey);

export const roomKeys = (roomId: RoomId): RoomKeys => keysOf(roomId);

/** The times of one kind of thing that an address did, behind a hash of the address under a secret that lives a day. */
export const addressKey = (kind: string, addressHash: string): string => `limit:{${addressHash}}:${kind}`;

/** The secret under which addresses are hashed: random, shared by all processes, gone after a day. */
export const ADDRESS_SECRET_KEY = 'limit:secret';

/**
 * What all processes know of the whole site: ids, times and numbers alone, each with the end of what it names. They lie in a slot of
 * their own, so no script has one of these keys and one of a room's.
 */
export const LOBBY_KEYS = {
  /** Sorted set: random token → end of a living room. It says of no room which one it is. */
  living: 'lobby:{lobby}:living',
  /** Sorted set: id of a listed room → when it was made. */
  made: 'lobby:{lobby}:made',
  /** Sorted set: the same ids → when the room ends. */
  ends: 'lobby:{lobby}:ends',
  /** Hash: process → people with a stream there, and the end of its lease. */
  people: 'lobby:{lobby}:people',
  /** Sorted set: id of a reported room → when the room ends. */
  reported: 'lobby:{lobby}:reported',
} as const;
