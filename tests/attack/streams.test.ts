import { expect, test } from 'vitest';
import { goesOn } from './support/form';
import { expectUnharmed, setScene, underAttack } from './support/scene';
import { tally, inWords } from './support/visitor';

/** The limit for half a minute, which is longer than the attack lasts. */
const OPENINGS_MAX = 30;
const ASKED_MIN = 2 * OPENINGS_MAX;
const LOOPS = 4;

test('a member who opens and drops streams as fast as possible gets thirty, and the others miss nothing', async () => {
  const scene = await setScene('a member opens and drops streams');
  const {
    victim: { url },
    attacker: {
      roomId,
      token,
      visitor: { address },
    },
  } = scene;
  const answers: { status: number }[] = [];
  const outcome = await underAttack(scene, async () => {
    const began = performance.now();
    const churn = async () => {
      while (goesOn(began, answers.length >= ASKED_MIN)) {
        const dropped = new AbortController();
        const headers = { authorization: `Bearer ${token}`, 'x-forwarded-for': address };
        const status = await fetch(`${url}/api/realtime?channel=${roomId}&last_ack_${roomId}=0-0`, {
          headers,
          signal: dropped.signal,
        }).then(
          (response) => response.status,
          () => 0,
        );
        dropped.abort();
        answers.push({ status });
      }
    };
    await Promise.all(Array.from({ length: LOOPS }, churn));
  });
  scene.record('openings were answered', inWords(tally(answers)));
  expectUnharmed(outcome);
  expect.soft(tally(answers)[200]).toBeLessThanOrEqual(OPENINGS_MAX);
});
