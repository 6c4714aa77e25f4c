import * as z from 'zod/mini';
import { LANGUAGE_CHARACTERS_MAX } from './limits';
import { roomIdSchema, timestampSchema } from './room';

/** A public room as the front page lists it. */
export const listedRoomSchema = z.object({
  roomId: roomIdSchema,
  topic: z.string(),
  language: z.optional(z.string()),
  members: z.number(),
  here: z.number(),
  maxMembers: z.number(),
  createdAt: timestampSchema,
  expiresAt: timestampSchema,
});
export type ListedRoom = z.infer<typeof listedRoomSchema>;

/** `GET /api/lobby`: people with a stream and living rooms on the whole site, and the public rooms with a free seat, newest first. */
export const lobbySchema = z.object({
  now: timestampSchema,
  here: z.number(),
  rooms: z.number(),
  listed: z.array(listedRoomSchema),
});
export type Lobby = z.infer<typeof lobbySchema>;

/** A reported room, as its operator reads it: how often, why, and when it was reported last. */
export const reportedRoomSchema = z.object({
  roomId: roomIdSchema,
  topic: z.string(),
  times: z.number(),
  reasons: z.array(z.string()),
  at: timestampSchema,
});
export type ReportedRoom = z.infer<typeof reportedRoomSchema>;

/**
 * Anything that leads elsewhere: a scheme, "www.", a host with a top-level name behind a dot, or one of four numbers. Browsers take the full stop
 * of Chinese and Japanese for a dot, too; between their own letters it ends a sentence.
 */
const ADDRESS = /:\/\/|\bwww\.|[\p{L}\p{N}]\.\p{L}{2,}|[a-z\d]。[a-z]{2,}|(?:\d+\.){3}\d|@[\p{L}\p{N}]/iu;

/**
 * Whether a topic would lead people elsewhere. "Node.js" counts as an address, as it is one. Wide letters and dots are read as browsers
 * read them, which take them in an address.
 */
export const holdsAddress = (topic: string): boolean => ADDRESS.test(topic.normalize('NFKC'));

/** A language tag that every browser can name. */
export function isLanguage(tag: string): boolean {
  if (tag.length > LANGUAGE_CHARACTERS_MAX) return false;
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
