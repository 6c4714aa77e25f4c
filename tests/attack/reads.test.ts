import { Agent, get } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type Taken, typicalP99 } from './support/figures';
import { times } from './support/conversation';
import { goesOn } from './support/form';
import { expectUnharmed, setScene, underAttack } from './support/scene';
import { type Seat, tally, inWords } from './support/visitor';

const LOOPS = 8;
/** An honest page never reaches this pace: 150 pages at once, then five a second. */
const PAGES_AT_ONCE = 150;
const PAGES_PER_SECOND = 5;
/** More than may be read at once. */
const PAGES_MIN = 200;
const HEALTH_EVERY_MS = 25;
const HEALTH_SLOWDOWN_MAX = 25;

interface Page {
  readonly status: number;
  readonly bytes: number;
}

/** Reads a page of history and throws it away, which costs this process the least. */
function readPage(url: string, { roomId, token, visitor: { address } }: Seat, agent: Agent): Promise<Page> {
  return new Promise((resolve) => {
    const headers = { authorization: `Bearer ${token}`, 'x-forwarded-for': address };
    const asked = get(`${url}/api/messages?roomId=${roomId}&limit=200`, { agent, headers }, (response) => {
      let bytes = 0;
      response.on('data', (part: Buffer) => (bytes += part.length));
      response.on('close', () => resolve({ status: response.statusCode ?? 0, bytes }));
    });
    asked.on('error', () => resolve({ status: 0, bytes: 0 }));
  });
}

/** Times health checks, one after the other, while `during` goes on. */
async function healthDuring(url: string, during: Promise<unknown>): Promise<number> {
  const taken: Taken[] = [];
  const done = new AbortController();
  void during.finally(() => done.abort());
  while (!done.signal.aborted) {
    const at = performance.now();
    await fetch(`${url}/api/health`).then((response) => response.text());
    taken.push({ at, ms: performance.now() - at });
    await pause(HEALTH_EVERY_MS);
  }
  return typicalP99(taken);
}

test('eight loops in which one member reads history are held to a rate, and everybody else is answered as before', async () => {
  const scene = await setScene('8 loops of one member read history', { filled: true });
  const {
    victim: { url },
    attacker,
  } = scene;
  const quietHealth = await healthDuring(url, pause(1_000));
  const pages: Page[] = [];
  let health = NaN;
  let seconds = NaN;
  const outcome = await underAttack(scene, async () => {
    const began = performance.now();
    const loop = async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      while (goesOn(began, pages.length >= PAGES_MIN)) pages.push(await readPage(url, attacker, agent));
      agent.destroy();
    };
    health = await healthDuring(url, Promise.all(Array.from({ length: LOOPS }, loop)));
    seconds = (performance.now() - began) / 1_000;
  });
  const megabytes = pages.reduce((sum, { bytes }) => sum + bytes, 0) / 2 ** 20;
  scene.record('pages were answered', inWords(tally(pages)));
  scene.record('history read', `${(megabytes / seconds).toFixed(0)} MB a second`);
  scene.record('health check p99 : quiet p99', times(health / quietHealth));
  expectUnharmed(outcome);
  expect.soft(tally(pages)[200]).toBeLessThanOrEqual(Math.ceil(PAGES_AT_ONCE + PAGES_PER_SECOND * (seconds + 1)));
  expect.soft(tally(pages)[429] ?? 0).toBeGreaterThan(0);
  expect.soft(health / quietHealth, 'health check p99 : quiet p99').toBeLessThan(HEALTH_SLOWDOWN_MAX);
});
