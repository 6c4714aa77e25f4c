import 'server-only';
import * as z from 'zod/mini';

/** What a room that has ended had outside its own keys. Each ends by itself with the room, and is given back when it ends before. */
export interface RoomHoldings {
  /** The lease of its maker's address; empty where addresses are not counted. */
  lease: string;
  /** The same for the one room that an address lists. */
  listing: string;
  /** Its token among the living rooms; empty where they are not counted. */
  living: string;
  /** Whether its id stands in the index of listed rooms. */
  listed: boolean;
  /** Whether it stands among the reported ones. */
  reported: boolean;
}

const holdingsSchema = z.tuple([z.string(), z.string(), z.string(), z.enum(['0', '1', '']), z.enum(['0', '1'])]);

export function holdingsOf(rest: readonly unknown[]): RoomHoldings {
  const [lease, listing, living, listed, reported] = holdingsSchema.parse(rest);
  return { lease, listing, living, listed: listed === '1', reported: reported === '1' };
}
