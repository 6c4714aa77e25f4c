import 'server-only';
import * as z from 'zod/mini';

/** The end of a room that was extended, as a script has just found it for somebody whose credential holds. */
export interface MovedEnd {
  /** By Redis’s clock. */
  expiresAt: number;
  /** By `performance.now()`. */
  endsAt: number;
}

/** Replies whose answers are under way, and some whose answers were refusals. */
const ENDS_MAX = 10_000;

const ends = new Map<string, MovedEnd>();

const movedSchema = z.tuple([z.literal('moved'), z.coerce.number(), z.coerce.number()]);
const askerSchema = z.object({ tokenHash: z.string() });

/** The reply of a room’s script without the end that it begins with where that has moved; the asker’s answer takes it. */
export function withoutMovedEnd(given: object, reply: unknown[]): unknown[] {
  if (reply[0] !== 'moved') return reply;
  const [, expiresAt, leftMs] = movedSchema.parse(reply.slice(0, 3));
  const asker = askerSchema.safeParse(given);
  if (asker.success) {
    ends.delete(asker.data.tokenHash);
    ends.set(asker.data.tokenHash, { expiresAt, endsAt: performance.now() + leftMs });
  }
  const [oldest] = ends.keys();
  if (ends.size > ENDS_MAX && oldest !== undefined) ends.delete(oldest);
  return reply.slice(3);
}

/** The moved end of a member’s room, once for each reply that began with it. */
export function takeMovedEnd(tokenHash: string): MovedEnd | null {
  const end = ends.get(tokenHash) ?? null;
  ends.delete(tokenHash);
  return end;
}
