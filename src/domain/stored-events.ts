import type { EventName } from './events';

/**
 * Whether an event is stored in the room's stream, and so has an id of its own; what is only published repeats the
 * newest one. It knows no schema, so that the browser's stream stays small.
 */
const STORED: Readonly<Partial<Record<string, boolean>>> = {
  'chat.message': true,
  'chat.destroy': false,
  'room.updated': true,
  'room.waited': false,
  'member.joined': true,
  'member.updated': true,
  'member.left': true,
  'presence.changed': false,
  'presence.moved': false,
} satisfies Record<EventName, boolean>;

/** Events of a server newer than this page count as stored: whoever stores them gives them ids. */
export const isPublishedOnly = (event: string): boolean => STORED[event] === false;
