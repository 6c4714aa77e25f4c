import { setTimeout as pause } from 'node:timers/promises';
import { startRedisServer } from '@tests/support/redis-server';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ATTACK_MS, LONG } from './support/form';
import { headOf, openSocket, requestOf } from './support/raw-socket';
import { expectUnharmed, type Scene, setScene, underAttack } from './support/scene';
import type { Seat } from './support/visitor';

/** How much Redis may grow because of one visitor. */
const REDIS_GROWTH_MB_MAX = 150;
/**
 * A member may read a burst at once, and that burst comes first. The test judges how the others fare while it goes on.
 */
const WATCHED_MS = LONG ? ATTACK_MS : 2 * ATTACK_MS;

const PIPELINED = 400;
const PIPELINE_EVERY_MS = 5_000;
const UNREAD_CONNECTIONS = 200;
const SLOW_CONNECTIONS = 30;
const SLOW_STEP_MS = 100;

const historyOf = ({ roomId, token, visitor: { address } }: Seat) =>
  requestOf({ path: `/api/messages?roomId=${roomId}&limit=200`, token, address });

const openSockets = (port: number, count: number) => Array.from({ length: count }, () => openSocket(port));

async function pipeline({ victim, attacker }: Scene): Promise<void> {
  const until = performance.now() + WATCHED_MS;
  while (performance.now() < until) {
    openSocket(victim.port).write(historyOf(attacker).repeat(PIPELINED));
    await pause(Math.min(PIPELINE_EVERY_MS, WATCHED_MS));
  }
}

async function askAndNeverRead({ victim, attacker }: Scene): Promise<void> {
  for (const socket of openSockets(victim.port, UNREAD_CONNECTIONS)) socket.write(historyOf(attacker).repeat(4));
  await pause(WATCHED_MS);
}

test('400 pages of history requested in one write cost no more memory and time than one visitor may use', async () => {
  const scene = await setScene('400 requests pipelined on one socket', { filled: true });
  expectUnharmed(await underAttack(scene, () => pipeline(scene)));
});

test('200 connections that ask for history and never read it cost no more memory and time than one visitor may use', async () => {
  const scene = await setScene('200 connections that never read', { filled: true });
  expectUnharmed(await underAttack(scene, () => askAndNeverRead(scene)));
});

test('readers of a few bytes a second, bodies that come byte by byte and heads that never end neither fill the memory nor slow the others', async () => {
  const scene = await setScene('90 readers and writers of some bytes a second', { filled: true });
  const { victim, attacker } = scene;
  const {
    roomId,
    token,
    visitor: { address },
  } = attacker;
  const open = () => openSockets(victim.port, SLOW_CONNECTIONS);
  const [readers, bodies, heads] = [open(), open(), open()];
  const beginning = headOf({
    method: 'POST',
    path: `/api/messages?roomId=${roomId}`,
    token,
    address,
    headers: ['Content-Type: application/json', 'Content-Length: 60000'],
  });
  for (const socket of readers) socket.write(historyOf(attacker).repeat(8));
  for (const socket of bodies) socket.write(`${beginning}\r\n{`);
  for (const socket of heads) socket.write(beginning);
  const outcome = await underAttack(scene, async () => {
    const until = performance.now() + WATCHED_MS;
    while (performance.now() < until) {
      for (const socket of readers) socket.sip(64);
      for (const socket of bodies) socket.write(' ');
      for (const socket of heads) socket.write('X-A: b\r\n');
      await pause(SLOW_STEP_MS);
    }
  });
  expectUnharmed(outcome);
});

describe.runIf(LONG)('with rooms in a Redis', () => {
  const attacks = [
    ['400 requests pipelined on one socket, rooms in Redis', pipeline],
    ['200 connections that never read, rooms in Redis', askAndNeverRead],
  ] as const;

  test.each(attacks)('%s: neither the process nor Redis grows', async (title, attack) => {
    const redis = await startRedisServer();
    onTestFinished(() => redis.stop());
    const scene = await setScene(title, { filled: true, settings: { REDIS_URL: redis.url } });
    const usedMb = async (field: string) =>
      Number(new RegExp(`^${field}:(\\d+)`, 'm').exec(String(await redis.command('INFO', 'memory')))?.[1]) / 2 ** 20;
    const before = await usedMb('used_memory');
    const outcome = await underAttack(scene, () => attack(scene));
    const grownMb = (await usedMb('used_memory_peak')) - before;
    scene.record('Redis grew by', `${grownMb.toFixed(0)} MB`);
    expectUnharmed(outcome);
    expect.soft(grownMb, 'MB that Redis grew by').toBeLessThan(REDIS_GROWTH_MB_MAX);
  });
});
