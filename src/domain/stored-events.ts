import type { EventName } from './events';

/** Events that the room's stream stores, so that they have an id of their own. */
type StoredEvent =
  | 'chat.message'
  | 'message.removed'
  | 'room.updated'
  | 'room.rekeyed'
  | 'member.joined'
  | 'member.updated'
  | 'member.left';

/**
 * All the others are published and not stored: they repeat the newest id. Only these are names at run time, and no schema is
 * imported, so the browser's stream stays small.
 */
const PUBLISHED_ONLY: Readonly<Partial<Record<string, true>>> = {
  'chat.destroy': true,
  'room.waited': true,
  'presence.changed': true,
  'presence.moved': true,
  'member.signals': true,
  'member.knocked': true,
  'member.whispered': true,
} satisfies Record<Exclude<EventName, StoredEvent>, true>;

/** Events unknown to this page, from a newer server, count as stored: storing gives them ids of their own. */
export const isPublishedOnly = (event: string): boolean => PUBLISHED_ONLY[event] === true;
