import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { type Conversation, type Phase, slowdown, startConversation, times } from './conversation';
import { LONG } from './form';
import { recorderOf } from './report';
import { startVictim, type Victim } from './victim';
import { LONGISH, newVisitor, type Seat } from './visitor';

/** A server at rest with honest people on it, and an attacker who has the link of one room and a seat in it. */
export interface Scene {
  readonly victim: Victim;
  readonly conversation: Conversation;
  readonly attacker: Seat;
  readonly quiet: Phase;
  readonly record: (measured: string, value: string) => void;
}

/** How much memory one visitor may cost. The first release lost gigabytes to some of these attacks. */
const GROWTH_MB_MAX = 150;
/**
 * Honest people may notice an attack, on a machine that others use too, but they go on talking. Attacks that succeeded
 * slowed them 70 to 1,700 times.
 */
const SLOWDOWN_MAX = 40;

/** Enough for the honest people's own seats, the attacker's, and some for helpers. */
const SEATS = 20;
const FILLERS = 8;
/**
 * 40 in all, 450 kB. The room's own rates are not spent by that, so that only the attack can affect the honest people.
 */
const LONGISH_EACH = 5;
/** After this, a member's and a room's rates are whole again. */
const BREATH_MS = 10_000;

const THE_REST = 'honest messages accepted; their p99 : quiet p99; memory grew by';

/** Sets the scene of an attack. `filled` puts as many long messages into the attacked room as it takes in a moment. */
export async function setScene(
  attack: string,
  {
    settings = {},
    room = {},
    filled = false,
  }: { settings?: Record<string, string>; room?: Record<string, unknown>; filled?: boolean } = {},
): Promise<Scene> {
  const victim = await startVictim(settings);
  if (LONG) await warmUp(victim.url);
  const conversation = await startConversation(victim.url, { maxMembers: SEATS, ...room });
  const { roomId } = conversation.attacked.owner;
  const attacker = await newVisitor(victim.url).join(roomId);
  if (filled) await fillAtOnce(victim.url, roomId);
  const quiet = await conversation.quiet();
  victim.memory.rest();
  return { victim, conversation, attacker, quiet, record: recorderOf(attack) };
}

/**
 * A process grows to its working size during its first ten thousand requests of any kind, and stays there. An attack of
 * minutes makes as many requests, and its cost is only the growth beyond that size.
 */
async function warmUp(url: string): Promise<void> {
  const loop = async () => {
    for (let asked = 0; asked < 1_500; asked += 1) await (await fetch(`${url}/api/health`)).text();
  };
  await Promise.all(Array.from({ length: 8 }, loop));
}

/**
 * Sends as much as eight people can say in one breath, more than a page may hold. The long form goes on to 200, the
 * most messages of a page.
 */
async function fillAtOnce(url: string, roomId: Seat['roomId']): Promise<void> {
  const seats: Seat[] = [];
  while (seats.length < FILLERS) seats.push(await newVisitor(url).join(roomId));
  for (let breath = 0; breath < (LONG ? 5 : 1); breath += 1) {
    if (breath > 0) await pause(BREATH_MS);
    for (const seat of seats) {
      for (let sent = 0; sent < LONGISH_EACH; sent += 1) if ((await seat.send(LONGISH)).status !== 201) break;
    }
  }
}

export type Outcome = Awaited<ReturnType<typeof underAttack>>;

/**
 * The others went on: everything they said was accepted and heard once, in good time, by a process of its usual size.
 */
export function expectUnharmed({ lives, growthMb, ratio, phase }: Outcome): void {
  expect.soft(lives, 'the process lives').toBe(true);
  expect.soft(growthMb, 'MB that memory grew by').toBeLessThan(GROWTH_MB_MAX);
  expect.soft(ratio, 'honest p99 : quiet p99').toBeLessThan(SLOWDOWN_MAX);
  expect.soft(phase, 'what the honest people said').toMatchObject({ accepted: phase.asked, missing: 0, repeated: 0 });
}

/** Runs the attack while the honest people talk, and writes down how they fared and how the server's memory grew. */
export async function underAttack({ victim, conversation, quiet, record }: Scene, attack: () => Promise<unknown>) {
  const phase = await conversation.measure(attack);
  const lives = await victim.lives();
  let ratio = slowdown(phase, quiet);
  if (ratio > SLOWDOWN_MAX && phase.accepted === phase.asked) {
    // If others have made the machine busy meanwhile, that is not the attack's doing: the machine is just as slow after
    // the attack.
    ratio = Math.min(ratio, slowdown(phase, await conversation.quiet()));
  }
  record(THE_REST, `${phase.words}; ${times(ratio)}; ${victim.growth()}`);
  return { phase, ratio, lives, growthMb: victim.overrun ? Infinity : victim.memory.growthMb() };
}
