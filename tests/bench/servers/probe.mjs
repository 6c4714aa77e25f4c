/**
 * Preloaded into each server under test. On a port of its own it reports what the process has used. `/settle` collects
 * garbage first, so that memory is what is really held and not what happens to be lying around.
 */
import { createServer } from 'node:http';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';

const port = Number(process.env.BENCH_PROBE_PORT);
const collect = globalThis.gc;

/** The collector returns pages on threads of its own, after the call has returned. */
const GIVE_BACK_MS = 500;

createServer(async (request, response) => {
  const { user, system } = process.cpuUsage();
  for (let times = 0; request.url === '/settle' && times < 4; times += 1) {
    collect?.();
    await pause(GIVE_BACK_MS);
  }
  response.end(JSON.stringify({ cpuUs: user + system, rssBytes: process.memoryUsage.rss() }));
})
  .listen(port, '127.0.0.1')
  .unref();
