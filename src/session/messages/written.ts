import * as z from 'zod/mini';
import { targetSchema } from '@/domain/content';
import { messageIdSchema } from '@/domain/message';
import { parseJson } from '@/lib/tab-storage';

const plainSchema = z.object({ text: z.string(), re: z.optional(targetSchema) });

/** The composer as it is kept over a reload: a text, what it replies to, or which message it gives another text. */
export const writtenSchema = z.object({
  ...plainSchema.shape,
  edits: z.optional(messageIdSchema),
  /** The draft that an edit has put aside. */
  earlier: z.optional(plainSchema),
});
export type Written = z.infer<typeof writtenSchema>;

export const NOTHING_WRITTEN: Written = { text: '' };

/** Texts one below the other, without those that say nothing. */
export const joined = (texts: readonly string[]): string => texts.filter((text) => text.trim() !== '').join('\n');

/** With texts in front that nobody has got: where a message is edited, in front of what was put aside for that. */
export function withTexts(texts: readonly string[], written: Written): Written {
  if (texts.length === 0) return written;
  if (written.edits === undefined) return { ...written, text: joined([...texts, written.text]) };
  return { ...written, earlier: { ...written.earlier, text: joined([...texts, written.earlier?.text ?? '']) } };
}

export const isNothing = ({ text, edits, earlier }: Written): boolean =>
  text === '' && edits === undefined && (earlier === undefined || earlier.text === '');

/** From what was kept; a page before this format has kept the text alone. */
export function readWritten(kept: string): Written {
  return writtenSchema.safeParse(parseJson(kept)).data ?? { text: kept };
}
