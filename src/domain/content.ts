import * as z from 'zod/mini';
import { messageFileSchema } from './file';
import { fileCardSchema } from './file-card';
import { MENTIONS_MAX, TEXT_CHARACTERS_MAX } from './limits';
import { messageIdSchema } from './message';
import { plainText } from './plain-text';
import { reactionSchema } from './reaction';
import { memberIdSchema, roomIdSchema } from './room';
import { textFault } from './text-rules';

/** A message as others refer to it. The id alone is not enough: in a sealed room two authors may use the same one. */
export const targetSchema = z.object({ id: messageIdSchema, by: memberIdSchema });
export type Target = z.infer<typeof targetSchema>;

const textSchema = plainText(TEXT_CHARACTERS_MAX, textFault);
const mentionsSchema = z.array(memberIdSchema).check(z.maxLength(MENTIONS_MAX));
const key32Schema = z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/));

/**
 * Everything that can be said in a room, the same in plain and in sealed rooms: a new kind is added here and nowhere else.
 * Members that a reader does not know are ignored.
 */
export const contentSchema = z.union([
  z.object({
    kind: z.literal('text'),
    text: textSchema,
    /** The message that this one replies to. */
    re: z.optional(targetSchema),
    mentions: z.optional(mentionsSchema),
  }),
  z.object({ kind: z.literal('reaction'), emoji: reactionSchema, on: targetSchema }),
  /** A new text for the author's own message `id`. Of several edits the highest `n` counts, then the order of the stream. */
  z.object({
    kind: z.literal('edit'),
    id: messageIdSchema,
    n: z.int().check(z.positive()),
    text: textSchema,
    mentions: z.optional(mentionsSchema),
  }),
  /** A file's card. Only that of a plain room has no key. */
  z.object({
    kind: z.literal('file'),
    file: z.union([fileCardSchema, messageFileSchema]),
    text: z.optional(textSchema),
  }),
  /** The offer of a new room; `secret` is its key, in a sealed room. */
  z.object({
    kind: z.literal('room'),
    roomId: roomIdSchema,
    secret: z.optional(key32Schema),
    text: z.optional(textSchema),
  }),
]);

export type Content = z.infer<typeof contentSchema>;
export type ContentKind = Content['kind'];
export type ContentOf<Kind extends ContentKind> = Extract<Content, { kind: Kind }>;

/** The words of a content; a reaction has none. */
export const textOf = (content: Content): string => (content.kind === 'reaction' ? '' : (content.text ?? ''));

/** Another room, and what opens it where it is sealed. */
export type RoomOffer = Pick<ContentOf<'room'>, 'roomId' | 'secret'>;

/** A kind that this page does not know, from a page that is newer. */
const kindSchema = z.object({ kind: z.string() });
const KINDS: ReadonlySet<string> = new Set<ContentKind>(['text', 'reaction', 'edit', 'file', 'room']);

/** A content that was sealed, from its JSON: `newer` for a kind of a newer page, null for one that breaks the rules. */
export function parseContent(json: string): Content | 'newer' | null {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return null;
  }
  const content = contentSchema.safeParse(value);
  if (content.success) return isUnsealed(content.data) ? null : content.data;
  const kind = kindSchema.safeParse(value);
  return kind.success && !KINDS.has(kind.data.kind) ? 'newer' : null;
}

/** A card without a key stands in the clear on a server, so nobody said it in a sealed room. */
const isUnsealed = (content: Content): boolean => content.kind === 'file' && !('key' in content.file);
