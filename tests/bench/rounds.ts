import { setTimeout as pause } from 'node:timers/promises';
import { Crowd } from './crowd';
import type { Subject, SubjectId } from './subjects';

export const LISTENERS = 200;
export const MESSAGES_PER_SECOND = 10;

/** Memory is measured as the growth by this many more listeners, enough that the moods of the collector do not show. */
export const LISTENERS_MORE = 600;
const WARM_UP_SECONDS = 4;
/** Enough that every listener's buffers exist, and few enough that the heap does not grow because of them. */
const MESSAGES_TO_ALL = 4;
/** Presence collects newcomers for a second, and that is not part of a delivery's cost. */
const CALM_MS = 2_500;

export interface Sample {
  /** Processor time of the server divided by deliveries, including the cost of the POSTs. */
  readonly cpuUs: number;
  readonly memoryKb: number;
  /** The time from sending to delivery that only one delivery in a hundred exceeds. */
  readonly delayP99Ms: number;
}

async function measure({ title, start, openRoom }: Subject, seconds: number): Promise<Sample> {
  const server = await start();
  const crowd = new Crowd();
  try {
    const room = await openRoom(server.url, LISTENERS + LISTENERS_MORE);
    await crowd.admit(room.streams.slice(0, LISTENERS));
    await crowd.hear(room.send, MESSAGES_PER_SECOND * WARM_UP_SECONDS, 1_000 / MESSAGES_PER_SECOND);
    await pause(CALM_MS);
    const before = await server.usage();
    const delaysMs = await crowd.hear(room.send, MESSAGES_PER_SECOND * seconds, 1_000 / MESSAGES_PER_SECOND);
    const after = await server.settledUsage();
    await crowd.admit(room.streams.slice(LISTENERS));
    await pause(CALM_MS);
    await crowd.hear(room.send, MESSAGES_TO_ALL, 1_000);
    const full = await server.settledUsage();
    return {
      cpuUs: (after.cpuUs - before.cpuUs) / delaysMs.length,
      memoryKb: (full.rssBytes - after.rssBytes) / 1_000 / LISTENERS_MORE,
      delayP99Ms: delaysMs[Math.floor(delaysMs.length * 0.99)] ?? NaN,
    };
  } catch (error) {
    throw new Error(`${title} could not be measured. It printed:\n${server.log()}`, { cause: error });
  } finally {
    crowd.close();
    await server.stop();
  }
}

export type Samples = ReadonlyMap<SubjectId, readonly Sample[]>;

/**
 * Measures every subject once in each round. Each round begins with another subject, so that no subject always follows
 * the same one.
 */
export async function runRounds(
  subjects: ReadonlyMap<SubjectId, Subject>,
  rounds: number,
  seconds: number,
): Promise<Samples> {
  const ids = [...subjects.keys()];
  const samples = new Map<SubjectId, Sample[]>(ids.map((id) => [id, []]));
  for (let round = 0; round < rounds; round += 1) {
    const first = Math.floor((round * ids.length) / rounds);
    for (const id of [...ids.slice(first), ...ids.slice(0, first)]) {
      const subject = subjects.get(id);
      if (subject === undefined) continue;
      const sample = await measure(subject, seconds);
      samples.get(id)?.push(sample);
      console.log(
        `round ${round + 1} of ${rounds}  ${subject.title}: ${sample.cpuUs.toFixed(1)} µs, ${sample.memoryKb.toFixed(1)} kB, ${sample.delayP99Ms.toFixed(1)} ms`,
      );
    }
  }
  return samples;
}
