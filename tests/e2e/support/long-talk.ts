import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import type { InsideScreen } from './inside-screen';
import type { ProgramSeat } from './program-seat';

/** Requests under way at the same time while a room is filled. */
const AT_ONCE = 20;
const PAGE_MESSAGES = 200;

const pageSchema = z.object({
  cursor: z.string(),
  messages: z.array(z.object({ id: z.string(), text: z.string(), about: z.optional(z.object({ kind: z.string() })) })),
});

/** A message as a program sends it to a plain room. */
export interface Written {
  readonly id: string;
  readonly text: string;
  readonly about?: { kind: 'reply' | 'reaction' | 'edit'; id: string };
}

export function write(text: string, about?: Written['about']): Written {
  return { id: randomUUID(), text, ...(about !== undefined && { about }) };
}

async function send(seat: ProgramSeat, message: Written): Promise<void> {
  const ask = () => seat.ask('POST', `/api/messages?roomId=${seat.roomId}`, { sender: 'Quiet Otter', ...message });
  // The server may close a connection at the moment at which it is used again. The id makes a repeat harmless.
  const said = await ask().catch(ask);
  if (!said.ok) throw new Error(`The message was not accepted: ${said.status} ${await said.text()}`);
}

/** Sends all of them, many at once: the room stores neighbours in any order. */
export async function sendAll(seat: ProgramSeat, messages: readonly Written[]): Promise<void> {
  for (let begin = 0; begin < messages.length; begin += AT_ONCE) {
    await Promise.all(messages.slice(begin, begin + AT_ONCE).map((message) => send(seat, message)));
  }
}

/** The ids of the room's messages in the room's own order, without those that are about others. */
export async function storedOrder(seat: ProgramSeat): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let after = '0-0'; ;) {
    const answer = await seat.ask('GET', `/api/messages?roomId=${seat.roomId}&after=${after}&limit=${PAGE_MESSAGES}`);
    const { messages, cursor } = pageSchema.parse(await answer.json());
    if (messages.length === 0) return ids;
    ids.push(...messages.filter(({ about }) => about === undefined).map(({ id }) => id));
    after = cursor;
  }
}

export async function takeBack(seat: ProgramSeat, id: string): Promise<void> {
  const answer = await seat.ask('DELETE', `/api/messages?roomId=${seat.roomId}&id=${id}`);
  if (answer.status !== 204) throw new Error(`It was not taken back: ${answer.status} ${await answer.text()}`);
}

/** What a reader has in front of them at one moment. */
export interface View {
  /** The messages in the visible part, from top to bottom, with their marks: "hello (edited) 👍 2". */
  readonly lines: readonly string[];
  /** Of the whole page, out of sight included. */
  readonly nodes: number;
}

/** Scrolls by a number of pixels, lets the browser draw, and looks. */
export function scrollBy({ log }: InsideScreen, pixels: number): Promise<View> {
  return log.evaluate(async (scroller, by) => {
    scroller.scrollTop += by;
    // Blocks that come near are drawn after the frame in which the browser has noticed them.
    for (let frame = 0; frame < 3; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
    const { top, bottom } = scroller.getBoundingClientRect();
    const lines = Array.from(scroller.querySelectorAll('p[dir="auto"]')).flatMap((said) => {
      const box = said.getBoundingClientRect();
      if (box.bottom <= top || box.top >= bottom) return [];
      const text = said.firstChild?.textContent ?? '';
      const isEdited = said.querySelector('small') !== null;
      const message = said.closest('[data-key]');
      const chips = Array.from(message?.querySelectorAll('ul [aria-hidden]') ?? []).map((chip) => chip.textContent);
      return [text, ...(isEdited ? ['(edited)'] : []), ...chips].join(' ');
    });
    return { lines, nodes: document.querySelectorAll('*').length };
  }, pixels);
}

/**
 * Watches where a message stands, frame by frame. The function returned ends that and says how many pixels it was away from
 * its place at most: Infinity if it was not there at all.
 */
export async function watchPlace({ log }: InsideScreen, text: string): Promise<() => Promise<number>> {
  const watch = await log.evaluateHandle((scroller, wanted) => {
    const topNow = () => {
      const message = Array.from(scroller.querySelectorAll('p[dir="auto"]')).find(
        (said) => said.textContent === wanted,
      );
      return message?.getBoundingClientRect().top ?? Infinity;
    };
    const begin = topNow();
    const watched = { away: 0, over: false };
    const look = () => {
      watched.away = Math.max(watched.away, Math.abs(topNow() - begin));
      if (!watched.over) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
    return watched;
  }, text);
  return () =>
    watch.evaluate(async (watched) => {
      // Messages just received are drawn with the next frames.
      for (let frame = 0; frame < 3; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
      watched.over = true;
      return Number.isNaN(watched.away) ? Infinity : watched.away;
    });
}

/** Notes what the region that announces arrivals reads out from now on. Returns a function that lists it. */
export async function listen({ page }: InsideScreen): Promise<() => Promise<readonly string[]>> {
  const region = page.locator('[aria-live="polite"][aria-relevant="additions"]');
  const heard = await region.evaluateHandle((element) => {
    const lines: string[] = [];
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes) for (const node of addedNodes) lines.push(node.textContent ?? '');
    }).observe(element, { childList: true, subtree: true, characterData: true });
    return lines;
  });
  return () => heard.jsonValue();
}
