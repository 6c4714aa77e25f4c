import type { EventName } from './events';

/**
 * Whether an event is stored in the room's stream, and so has an id of its own; a published-only event repeats the newest
 * one. No schema is imported here, so the browser's stream stays small.
 */
const STORED: Readonly<Partial<Record<string, boolean>>> = {
  'chat.message': true,
  'chat.destroy': false,
  'message.removed': true,
  'room.updated': true,
  'room.waited': false,
  'member.joined': true,
  'member.updated': true,
  'member.left': true,
  'presence.changed': false,
  'presence.moved': false,
} satisfies Record<EventName, boolean>;

/** Events unknown to this page, from a newer server, count as stored: storing gives them ids of their own. */
export const isPublishedOnly = (event: string): boolean => STORED[event] === false;
