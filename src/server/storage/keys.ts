import 'server-only';
import type { RoomId } from '@/domain/room';

/**
 * Every key of a room, in the order in which its scripts take them. The braces put them all into one
 * cluster slot, the same that the bare room id of the stream hashes to. The stream carries the bare
 * id because Upstash Realtime uses the channel's name as the stream's key.
 */
export function roomKeys(roomId: RoomId): string[] {
  const room = `room:{${roomId}}`;
  return [
    room, // hash: what the room is
    `${room}:members`, // hash: member id → seat number, joinedAt, token hash, name
    `${room}:tokens`, // hash: token hash → member id
    `${room}:message-ids`, // hash: message id → stream id and timestamp
    `${room}:sent`, // list: times of the latest messages, for the room's rate
    `${room}:sent-by`, // hash: member id → times of their latest messages and changes
    `${room}:here`, // sorted set: member id and process → when the process's lease ends
    roomId, // stream: the events
    `${room}:seen`, // hash: member id → when they were last heard of
  ];
}

/** The times of what one address did of a kind, behind a hash whose key lives a day. */
export const addressKey = (kind: string, addressHash: string): string => `limit:{${addressHash}}:${kind}`;

/** The key under which addresses are hashed: random, shared by all processes, gone after a day. */
export const ADDRESS_SECRET_KEY = 'limit:secret';
