import 'server-only';
import type { Redis } from '@upstash/redis';
import * as z from 'zod/mini';
import { type Cursor, cursorSchema } from '@/domain/message';
import { PRESENCE } from './lua/presence';
import { roomScript } from './lua/room';
import type { ArgumentsOf } from './lua/script';
import { type PublishedHere, publishedHereSchema } from './presence';
import { accepted } from './replies';

/** Entries read at a time, so that little is read beyond the end of a page. */
const ENTRIES_AT_ONCE = 20;

/**
 * Returns `ok`, the entries as XRANGE gives them, whether more may follow, and the turn and the list that were
 * published last where that is another turn, else two empty strings.
 */
const readStreamScript = roomScript({
  parts: [PRESENCE],
  args: {
    after: 'text',
    entriesMax: 'number',
    bytesMax: 'number',
    /** The turn that is known of who is here; empty where that is not asked. */
    knownTurn: 'text',
  },
  body: `
local turn, published = '', ''
if KNOWN_TURN ~= '' then turn, published = published_here() end
if turn == KNOWN_TURN then turn, published = '', '' end
local found, bytes, cursor, more = {}, 0, AFTER, '1'
while #found < ENTRIES_MAX and bytes < BYTES_MAX do
  local entries = redis.call('XRANGE', STREAM, '(' .. cursor, '+', 'COUNT', ${ENTRIES_AT_ONCE})
  for _, entry in ipairs(entries) do
    if #found == ENTRIES_MAX or bytes >= BYTES_MAX then break end
    cursor = entry[1]
    found[#found + 1] = entry
    for _, part in ipairs(entry[2]) do bytes = bytes + #part end
  end
  if #entries < ${ENTRIES_AT_ONCE} then
    if #entries == 0 or cursor == entries[#entries][1] then more = '0' end
    break
  end
end
return {'ok', found, more, turn, published}
`,
});

const entriesSchema = z.array(z.tuple([cursorSchema, z.array(z.string())]));
const moreSchema = z.enum(['0', '1']);

/** An entry of the stream: its id, then names and values in turn. */
export type StreamEntry = readonly [id: string, fields: readonly string[]];

export interface StreamPage {
  entries: StreamEntry[];
  /** The last id read, or the one asked from when nothing follows. */
  cursor: Cursor;
  /** Whether more may follow. */
  full: boolean;
  /** Who is here by the last publication, where its turn is not the known one. */
  here: PublishedHere | null;
}

/** Entries after an id, oldest first: a page ends at its count, or with the entry at which its bytes are reached. */
export async function readStream(
  redis: Redis,
  {
    after,
    knownTurn,
    ...page
  }: Omit<ArgumentsOf<typeof readStreamScript>, 'after' | 'knownTurn'> & {
    after: Cursor;
    knownTurn: number | null;
  },
): Promise<StreamPage> {
  const reply = await readStreamScript.run(redis, { ...page, after, knownTurn: String(knownTurn ?? '') });
  const [found, more, ...here] = accepted(reply).rest;
  const entries = entriesSchema.parse(found);
  return {
    entries,
    cursor: entries.at(-1)?.[0] ?? after,
    full: moreSchema.parse(more) === '1',
    here: publishedHereSchema.parse(here),
  };
}
