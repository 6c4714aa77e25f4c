/**
 * `npm run bench:talk`: what a talk of 9,900 messages costs its reader beside one of 100, in one run, as a table for
 * docs/benchmarks.md. It takes about a minute. Milliseconds depend on the machine; the ratios carry over, and the only
 * thing that fails a run is a page of more nodes than promised.
 */
import { randomUUID } from 'node:crypto';
import { chromium } from '@playwright/test';
import * as z from 'zod';
import { startBuiltServer } from '../../scripts/built-server.mjs';
import { ensureBuild } from '../../scripts/current-build.mjs';
import { ensureNeeds, findChromium } from '../../scripts/needs.mjs';
import { Trouble, runMain } from '../../scripts/project.mjs';

/** @typedef {import('@playwright/test').Page} Page */
/** @typedef {{ roomId: string, token: string }} Seat */
/** @typedef {Record<'open' | 'arrival' | 'arrivalCpu' | 'key' | 'keyCpu', number[]>} Times in milliseconds */
/** @typedef {{ messages: number, owner: Seat, newest: string, link: string, times: Times, nodesMost: number, heapMb: number }} Room */
/** @typedef {{ room: Room, page: Page, cpuMs: () => Promise<number> }} Reader */

const SIZES = [100, 9_900];
const NODES_MAX = 6_000;
const OPENINGS = 9;
const ARRIVALS = 40;
const KEYS = 60;
/** Requests under way at the same time while a room is filled. */
const AT_ONCE = 20;
/** The owner's part of a room for two; the rest is kept for the guest. */
const OWNER_PART = 0.87;
/** One message in this many is a reaction, and as many are edits. */
const ABOUT_ONE_IN = 10;
/** So far back, the message that an edit or a reaction is about has been stored. */
const ABOUT_BACK = 3 * AT_ONCE;
const SECONDS = 3_600;

const seatSchema = z.object({ roomId: z.string(), token: z.string() });

/** @param {string} url @param {string} path @param {unknown} body @param {Seat} [seat] @returns {Promise<unknown>} */
async function post(url, path, body, seat) {
  const answer = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(seat && { authorization: `Bearer ${seat.token}` }) },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Trouble(`${path} was refused: ${answer.status} ${await answer.text()}`);
  return answer.status === 204 ? null : answer.json();
}

/** @param {string} url @param {Seat} seat @param {string} text @param {{ id?: string, about?: { kind: string, id: string } }} [more] */
const say = (url, seat, text, more) =>
  post(url, `/api/messages?roomId=${seat.roomId}`, { sender: 'Quiet Otter', text, ...more }, seat);

/** Fills a room with texts of several lengths, and reactions and edits among them. @param {string} url @param {number} messages @returns {Promise<Room>} */
async function fillRoom(url, messages) {
  const made = { credentials: 'bearer', maxMembers: 2, lifetimeSeconds: SECONDS };
  const owner = seatSchema.parse(await post(url, '/api/room', made));
  const guest = seatSchema.parse(await post(url, `/api/room/join?roomId=${owner.roomId}`, { credentials: 'bearer' }));
  const ownerMessages = Math.floor(messages * OWNER_PART);
  const ids = Array.from({ length: messages }, () => randomUUID());
  /** @param {number} index */
  const sayNumber = (index) => {
    const seat = index < ownerMessages ? owner : guest;
    const target = ids[index - ABOUT_BACK - (index % ABOUT_ONE_IN)];
    // A guest may not edit what the owner said.
    if (target !== undefined && index % ABOUT_ONE_IN === 3 && index < ownerMessages)
      return say(url, seat, `corrected in message ${index}`, { about: { kind: 'edit', id: target } });
    if (target !== undefined && index % ABOUT_ONE_IN === 7)
      return say(url, seat, '👍', { about: { kind: 'reaction', id: target } });
    return say(url, seat, `message ${index} ${'word '.repeat(index % 12)}`.trim(), { id: ids[index] ?? randomUUID() });
  };
  for (let begin = 0; begin < messages; begin += AT_ONCE) {
    const end = Math.min(begin + AT_ONCE, messages);
    await Promise.all(Array.from({ length: end - begin }, (_, step) => sayNumber(begin + step)));
  }
  const newest = 'the newest of all';
  await say(url, guest, newest);
  await post(url, `/api/room/leave?roomId=${owner.roomId}`, {}, guest);
  const times = { open: [], arrival: [], arrivalCpu: [], key: [], keyCpu: [] };
  return { messages, owner, newest, link: `${url}/room/${owner.roomId}`, times, nodesMost: 0, heapMb: NaN };
}

/** Waits until the last message in the page is this one and painted. @param {Page} page @param {string} text @returns {Promise<number>} when that was, by the clock */
const untilPainted = (page, text) =>
  page.evaluate(
    (wanted) =>
      new Promise((resolve) => {
        const isThere = () =>
          Array.from(document.querySelectorAll('[role="log"] p[dir="auto"]')).at(-1)?.textContent === wanted;
        const finish = () =>
          requestAnimationFrame(() => setTimeout(() => resolve(performance.timeOrigin + performance.now())));
        if (isThere()) {
          finish();
          return;
        }
        const observer = new MutationObserver(() => {
          if (!isThere()) return;
          observer.disconnect();
          finish();
        });
        observer.observe(document, { childList: true, subtree: true, characterData: true });
      }),
    text,
  );

/** From the beginning of the visit of somebody who has a seat. @param {Page} page @param {Room} room */
async function measureOpening(page, room) {
  const began = Date.now();
  await page.goto(room.link, { waitUntil: 'commit' });
  room.times.open.push((await untilPainted(page, room.newest)) - began);
}

/** Notes the nodes of the page. @param {Page} page @param {Room} room */
async function countNodes(page, room) {
  const nodes = await page.evaluate(() => document.querySelectorAll('*').length);
  room.nodesMost = Math.max(room.nodesMost, nodes);
}

/** Scrolls to the very first message, so that the whole talk is loaded, and back to the end. @param {Page} page @param {Room} room */
async function loadAll(page, room) {
  const log = page.getByRole('log');
  const earlier = log.getByRole('button', { name: /earlier messages/i });
  while ((await earlier.count()) > 0) {
    await log.evaluate(async (scroller) => {
      scroller.scrollTop = 0;
      for (let frame = 0; frame < 3; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
    });
    await countNodes(page, room);
  }
  await log.evaluate((scroller) => (scroller.scrollTop = scroller.scrollHeight));
  await log.getByText(room.newest).waitFor();
  await countNodes(page, room);
}

/** @param {Reader} reader @param {string} url @param {string} text */
async function measureArrival({ room, page, cpuMs }, url, text) {
  const cpuBefore = await cpuMs();
  const painted = untilPainted(page, text);
  const began = Date.now();
  await say(url, room.owner, text);
  room.times.arrival.push((await painted) - began);
  room.times.arrivalCpu.push((await cpuMs()) - cpuBefore);
}

/** @param {Reader} reader */
async function measureKey({ room, page, cpuMs }) {
  const cpuBefore = await cpuMs();
  // In two steps: the listener must be there before the key.
  const key = await page.evaluateHandle(() => ({
    painted: new Promise((/** @type {(ms: number) => void} */ resolve) => {
      const onKey = () => {
        const began = performance.now();
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began)));
      };
      document.addEventListener('keydown', onKey, { capture: true, once: true });
    }),
  }));
  await page.keyboard.press('a');
  room.times.key.push(await key.evaluate(({ painted }) => painted));
  room.times.keyCpu.push((await cpuMs()) - cpuBefore);
}

/** @param {Page} page */
async function meter(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  /** @param {string} name */
  const metric = async (name) =>
    (await session.send('Performance.getMetrics')).metrics.find((entry) => entry.name === name)?.value ?? NaN;
  return {
    cpuMs: async () => (await metric('TaskDuration')) * 1_000,
    heapMb: async () => {
      await session.send('HeapProfiler.collectGarbage');
      return (await metric('JSHeapUsedSize')) / 2 ** 20;
    },
  };
}

/** The rooms take turns, so that what else the machine does meets both. @param {string} url @param {readonly Room[]} rooms */
async function measureRooms(url, rooms) {
  const executablePath = findChromium();
  const browser = await chromium.launch({
    ...(executablePath && { executablePath }),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  try {
    /** @type {Reader[]} */
    const readers = [];
    const people = await Promise.all(rooms.map(async (room) => ({ room, context: await browser.newContext() })));
    for (const { room, context } of people) {
      const page = await context.newPage();
      await page.goto(room.link);
      await page.getByRole('button', { name: 'Join' }).click();
      await page.getByRole('log').getByText(room.newest).waitFor();
      await page.close();
    }
    for (let round = 0; round < OPENINGS; round += 1) {
      for (const { room, context } of people) {
        const page = await context.newPage();
        await measureOpening(page, room);
        await page.close();
      }
    }
    for (const { room, context } of people) {
      const page = await context.newPage();
      await measureOpening(page, room);
      const { cpuMs, heapMb } = await meter(page);
      await loadAll(page, room);
      room.heapMb = await heapMb();
      readers.push({ room, page, cpuMs });
    }
    for (let round = 0; round < ARRIVALS; round += 1) {
      for (const reader of readers) await measureArrival(reader, url, `arrival ${round}`);
    }
    for (const { page } of readers) await page.getByRole('textbox', { name: 'Message' }).click();
    for (let round = 0; round < KEYS; round += 1) {
      for (const reader of readers) await measureKey(reader);
    }
    for (const { page, room } of readers) await countNodes(page, room);
  } finally {
    await browser.close();
  }
}

/** @param {readonly number[]} numbers */
const median = (numbers) => [...numbers].sort((left, right) => left - right)[Math.floor(numbers.length / 2)] ?? NaN;
/** @param {number} number */
const digits = (number) => number.toFixed(number < 10 ? 2 : number < 1_000 ? 1 : 0);

/** @type {readonly [title: string, of: (room: Room) => number][]} */
const ROWS = [
  ['opening, until the newest message is painted, ms', ({ times }) => median(times.open)],
  ['an arrival with all loaded, from its POST until it is painted, ms', ({ times }) => median(times.arrival)],
  ['the same, main thread of the page, ms', ({ times }) => median(times.arrivalCpu)],
  ['a key with all loaded, until it is painted, ms', ({ times }) => median(times.key)],
  ['the same, main thread of the page, ms', ({ times }) => median(times.keyCpu)],
  ['nodes of the page, at most', ({ nodesMost }) => nodesMost],
  ['heap with all loaded, MB', ({ heapMb }) => heapMb],
];

/** @param {Room} small @param {Room} large */
function renderTable(small, large) {
  const head = [
    'medians',
    ...[small, large].map(({ messages }) => `${messages.toLocaleString('en')} messages`),
    'ratio',
  ];
  const rows = ROWS.map(([title, of]) => [title, digits(of(small)), digits(of(large)), digits(of(large) / of(small))]);
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  /** @param {readonly string[]} row */
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

await runMain(async () => {
  await ensureNeeds(['chromium']);
  await ensureBuild({ quiet: true });
  const server = await startBuiltServer({ settings: { RATE_LIMITS: 'off' } });
  try {
    const rooms = [];
    for (const size of SIZES) rooms.push(await fillRoom(server.url, size));
    await measureRooms(server.url, rooms);
    const [small, large] = rooms;
    if (small === undefined || large === undefined) return 1;
    console.log(renderTable(small, large));
    const tooMany = rooms.filter(({ nodesMost }) => nodesMost > NODES_MAX);
    for (const { messages, nodesMost } of tooMany)
      console.error(`The page of ${messages} messages had ${nodesMost} nodes; it may have ${NODES_MAX}.`);
    return tooMany.length > 0 ? 1 : 0;
  } finally {
    await server.stop();
  }
});
