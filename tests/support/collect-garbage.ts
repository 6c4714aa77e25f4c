import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as z from 'zod/mini';

const collectorSchema = z.custom<() => void>((value) => typeof value === 'function');

/** Collects garbage and returns how many bytes of heap are in use. */
export function collectGarbage(): number {
  setFlagsFromString('--expose-gc');
  collectorSchema.parse(runInNewContext('gc'))();
  return process.memoryUsage().heapUsed;
}
