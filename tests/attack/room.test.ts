import { setTimeout as pause } from 'node:timers/promises';
import { cardOf } from '@tests/support/sealed-rooms';
import { expect, test } from 'vitest';
import { ATTACK_MS, LONG } from './support/form';
import { expectUnharmed, type Scene, setScene, underAttack } from './support/scene';
import { type Answer, LARGE, newVisitor, type Seat, tally, inWords } from './support/visitor';

/** Long enough for five guests to use up their shares of a room of 32 MB. */
const FILL_MS = LONG ? 300_000 : ATTACK_MS;
const GUESTS = 5;
/** No member waits longer than this before trying again. */
const LONGEST_WAIT_MS = 1_000;
/** A page that waits as long as it was asked to is refused once more only when somebody else's message comes first. */
const ATTEMPTS = 3;

/** How many changes a member may make in half a minute. */
const RENAMES_AT_ONCE = 30;
const RENAMING_AT_ONCE = 9;

async function joinMany({ victim, attacker }: Scene, count: number): Promise<Seat[]> {
  const seats: Seat[] = [];
  for (let guest = 0; guest < count; guest += 1) seats.push(await newVisitor(victim.url).join(attacker.roomId));
  return seats;
}

/** Sends a message as a page does: after a refusal for its pace, it waits as long as the server asks and sends again. */
async function sayPatiently(seat: Seat): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    const { status, retryAfterMs } = await seat.send(LARGE);
    if (status !== 429 || attempt === ATTEMPTS) return status;
    await pause(retryAfterMs);
  }
}

/** Sends the largest messages as fast as the server takes them, until the share is spent or the time is up. */
async function fill(seat: Seat, until: number): Promise<Answer[]> {
  const answers: Answer[] = [];
  while (performance.now() < until) {
    const answer = await seat.send(LARGE);
    answers.push(answer);
    if (answer.status === 409 || answer.status === 0) break;
    if (answer.status === 429) await pause(Math.min(LONGEST_WAIT_MS, answer.retryAfterMs));
  }
  return answers;
}

test('five guests who fill the room with everything that their rates allow silence neither its owner nor another guest', async () => {
  const scene = await setScene(`${GUESTS} guests fill a room`);
  const guests = await joinMany(scene, GUESTS);
  const answers: Answer[] = [];
  const outcome = await underAttack(scene, async () => {
    const until = performance.now() + FILL_MS;
    answers.push(...(await Promise.all(guests.map((guest) => fill(guest, until)))).flat());
  });
  const { owner, member } = scene.conversation.attacked;
  const afterwards = [(await owner.send(LARGE)).status, await sayPatiently(member)];
  scene.record('the guests were answered', inWords(tally(answers)));
  scene.record('then a large message of the owner, of an honest guest', afterwards.join(', '));
  expectUnharmed(outcome);
  expect.soft(afterwards).toEqual([201, 201]);
  // A guest is stopped by a rate or by a share, and by nothing else.
  for (const { status, code } of answers) {
    if (status !== 201)
      expect.soft(`${status} ${code ?? ''}`).toMatch(/^(429 rate_limited|409 message_limit_reached)$/);
  }
});

/** Takes one name after the other, as often as the server allows; a refusal ends it unless the member is `patient`. */
async function spendChanges(seat: Seat, until: number, patient: boolean): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let change = 0; performance.now() < until; change += 1) {
    const answer = await seat.as('PATCH', 'members', { card: cardOf(0, String(change)) });
    answers.push(answer);
    if (answer.status === 409 || answer.status === 0) break;
    if (answer.status !== 429) continue;
    if (!patient) break;
    await pause(Math.min(LONGEST_WAIT_MS, answer.retryAfterMs));
  }
  return answers;
}

async function renameEverybody(title: string, guestCount: number, forMs: number, patient: boolean): Promise<void> {
  const scene = await setScene(title, { room: { maxMembers: guestCount + 10 } });
  const guests = await joinMany(scene, guestCount);
  const answers: Answer[] = [];
  const outcome = await underAttack(scene, async () => {
    const until = performance.now() + forMs;
    // The test is about the budget that they spend, not about how the server fares with 36 requests at once.
    const spendInTurn = async (from: number) => {
      for (let guest = from; guest < guests.length; guest += RENAMING_AT_ONCE) {
        const seat = guests[guest];
        if (seat !== undefined) answers.push(...(await spendChanges(seat, until, patient)));
      }
    };
    await Promise.all(Array.from({ length: RENAMING_AT_ONCE }, (_, from) => spendInTurn(from)));
  });
  const { owner } = scene.conversation.attacked;
  const newcomer = await newVisitor(scene.victim.url).join(owner.roomId);
  const name = await newcomer.as('PATCH', 'members', { card: cardOf(0, 'newcomer') });
  const lock = await owner.as('PATCH', 'room', { locked: true });
  const removal = await owner.as('DELETE', `members?memberId=${scene.attacker.memberId}`);
  scene.record('renames were answered', inWords(tally(answers)));
  scene.record(
    'then lock, removal, a newcomer’s first name',
    [lock, removal, name].map(({ status }) => status).join(', '),
  );
  expectUnharmed(outcome);
  expect.soft([lock, removal, name].map(({ status }) => status)).toEqual([200, 204, 200]);
}

test('a crowd that spends a thousand renames at once cannot keep the owner from locking and removing, nor a newcomer from taking a name', async () => {
  await renameEverybody('36 guests rename at once', Math.ceil(1_080 / RENAMES_AT_ONCE), 60_000, false);
});

test.runIf(LONG)(
  'nine guests who go on renaming cannot keep the owner from locking and removing, nor a newcomer from taking a name',
  async () => {
    await renameEverybody('9 guests rename for two minutes', 9, 125_000, true);
  },
);
