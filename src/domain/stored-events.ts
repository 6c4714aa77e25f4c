import type { EventName } from './events';

/** Events of the room's stream, which have ids of their own: types alone, so that the browser's stream stays small. */
type StoredEvent =
  'chat.message' | 'message.removed' | 'room.updated' | 'member.joined' | 'member.updated' | 'member.left';

/** All others are only published, and repeat the newest id. */
const PUBLISHED_ONLY = {
  'chat.destroy': true,
  'room.waited': true,
  'presence.changed': true,
  'presence.moved': true,
} satisfies Record<Exclude<EventName, StoredEvent>, true>;

const publishedOnly = new Set(Object.keys(PUBLISHED_ONLY));

/** Events of a server newer than this page count as stored: whoever stores them gives them ids. */
export const isPublishedOnly = (event: string): boolean => publishedOnly.has(event);
