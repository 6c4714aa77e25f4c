import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { JOINS_PER_ADDRESS } from '@/domain/limits';
import { goesOn, LONG } from './support/form';
import { recorderOf } from './support/report';
import { expectUnharmed, setScene, underAttack } from './support/scene';
import { startVictim } from './support/victim';
import { type Answer, newVisitor, tally, inWords, type Visitor } from './support/visitor';

const GUESSES = LONG ? 5_000 : 300;
const DEAD_LINK_LOOKS = LONG ? 1_000 : 300;
const AT_ONCE = 5;
/** A seat whose credential was never used is given away after half a minute. */
const NEWCOMER_WAITS_MS = 45_000;

const deadRoom = () => randomBytes(22).toString('base64url').replace(/[-_]/g, 'x').slice(0, 22);
const look = (visitor: Visitor, roomId: string) => visitor.ask('GET', `/api/room?roomId=${roomId}`);

/** Does something `count` times, five at once. */
async function repeat(count: number, once: () => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let done = 0; done < count; done += AT_ONCE)
    answers.push(...(await Promise.all(Array.from({ length: AT_ONCE }, once))));
  return answers;
}

/** Repeats something while the attack lasts, four at once, and at least `least` times. */
async function keepAsking(least: number, once: () => Promise<Answer[]>): Promise<Answer[]> {
  const began = performance.now();
  const answers: Answer[] = [];
  const loop = async () => {
    while (goesOn(began, answers.length >= least)) answers.push(...(await once()));
  };
  await Promise.all([loop(), loop(), loop(), loop()]);
  return answers;
}

test('an address that guesses wildly is the only one refused: visitors from elsewhere find the room', async () => {
  const scene = await setScene('an address guesses at rooms');
  const {
    victim: { url },
    attacker,
  } = scene;
  const guesser = newVisitor(url);
  const others: Answer[] = [];
  let guesses: Answer[] = [];
  const outcome = await underAttack(scene, async () => {
    guesses = await repeat(GUESSES, () => look(guesser, deadRoom()));
    for (let other = 0; other < 20; other += 1) others.push(await look(newVisitor(url), attacker.roomId));
  });
  scene.record('the guesser was answered', inWords(tally(guesses)));
  scene.record('other addresses’ look-ups', inWords(tally(others)));
  expectUnharmed(outcome);
  expect.soft(tally(others)).toEqual({ 200: others.length });
  expect.soft(tally(guesses)[429] ?? 0).toBeGreaterThan(0);
});

test('one dead link counts once for an address, however often its tabs ask', async () => {
  const { url } = await startVictim();
  const { roomId } = await newVisitor(url).open();
  const visitor = newVisitor(url);
  const dead = deadRoom();
  const looks = await repeat(DEAD_LINK_LOOKS, () => look(visitor, dead));
  const { status } = await look(visitor, roomId);
  const record = recorderOf(`a tab asks for one dead link ${DEAD_LINK_LOOKS} times`);
  record('it was answered', inWords(tally(looks)));
  record('then a living room from that address', String(status));
  expect.soft(tally(looks)).toEqual({ 404: DEAD_LINK_LOOKS });
  expect.soft(status).toBe(200);
});

test('an address that joins and leaves in an endless loop gets its share of joins and no more, and the next visitor finds a seat', async () => {
  const scene = await setScene('an address joins and leaves in a loop');
  const {
    victim: { url },
    attacker: { roomId },
  } = scene;
  const stormer = newVisitor(url);
  let joins: Answer[] = [];
  const outcome = await underAttack(scene, async () => {
    joins = await keepAsking(JOINS_PER_ADDRESS.max + 1, async () => {
      const join = await stormer.askToJoin(roomId);
      const token = join.status === 201 ? tokenOf(join) : undefined;
      if (token !== undefined) await stormer.ask('POST', `/api/room/leave?roomId=${roomId}`, { token, json: {} });
      return [join];
    });
  });
  const next = await newVisitor(url).askToJoin(roomId);
  scene.record('joins were answered', inWords(tally(joins)));
  scene.record('then a join from elsewhere', String(next.status));
  expectUnharmed(outcome);
  expect.soft(tally(joins)[201]).toBeLessThanOrEqual(JOINS_PER_ADDRESS.max);
  expect.soft(next.status).toBe(201);
});

const tokenOf = ({ body }: Answer): string | undefined =>
  typeof body === 'object' && body !== null && 'token' in body && typeof body.token === 'string'
    ? body.token
    : undefined;

test.runIf(LONG)(
  'a room full of seats that were never used takes a newcomer within a minute, and no honest member loses their seat',
  async () => {
    const scene = await setScene('an address fills a room with ghosts');
    const {
      victim: { url },
      attacker: { roomId },
    } = scene;
    const ghosts = newVisitor(url);
    const newcomer = newVisitor(url);
    const waited: Answer[] = [];
    const outcome = await underAttack(scene, async () => {
      while ((await ghosts.askToJoin(roomId)).status === 201);
      const until = performance.now() + NEWCOMER_WAITS_MS;
      do {
        waited.push(await newcomer.askToJoin(roomId));
        await pause(2_000);
      } while (waited.at(-1)?.status === 409 && performance.now() < until);
    });
    scene.record('a newcomer who asks every two seconds', inWords(tally(waited)));
    expectUnharmed(outcome);
    expect.soft(waited[0]).toMatchObject({ status: 409, code: 'room_full' });
    expect.soft(waited.at(-1)?.status).toBe(201);
  },
);
