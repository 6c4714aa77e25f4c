import * as z from 'zod/mini';
import { messageWithCursorSchema } from '@/domain/message';
import type { Answer, Seat } from './rooms';

const forwardSchema = z.strictObject({
  messages: z.array(messageWithCursorSchema),
  removed: z.array(z.string()),
  cursor: z.string(),
});
const backwardSchema = z.strictObject({ ...forwardSchema.shape, older: z.nullable(z.string()) });

/** The page of history that an answer holds, read from the oldest end, with no field beyond those that it should have. */
export const forwardOf = ({ body }: Answer) => forwardSchema.parse(body);
/** The same for a page from the newest end. */
export const backwardOf = ({ body }: Answer) => backwardSchema.parse(body);

/** Reads a whole room from the oldest end, as pages, of which the last one is empty. */
export async function walkForward(seat: Seat, limit: number) {
  const pages = [forwardOf(await seat.history(`limit=${limit}`))];
  while (pages.at(-1)?.messages.length !== 0) {
    pages.push(forwardOf(await seat.history(`limit=${limit}&after=${pages.at(-1)?.cursor}`)));
  }
  return pages;
}

/** Reads a whole room from the newest end, as pages. */
export async function walkBackward(seat: Seat, limit: number) {
  const pages = [backwardOf(await seat.history(`limit=${limit}&before=end`))];
  for (let older = pages[0]?.older ?? null; older !== null; older = pages.at(-1)?.older ?? null) {
    pages.push(backwardOf(await seat.history(`limit=${limit}&before=${older}`)));
  }
  return pages;
}
