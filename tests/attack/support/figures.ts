const sorted = (numbers: readonly number[]) => [...numbers].sort((left, right) => left - right);

export const median = (numbers: readonly number[]): number => sorted(numbers)[Math.floor(numbers.length / 2)] ?? NaN;

/** The value that 99 of 100 stay under; of fewer than a hundred, the highest value. */
export const p99 = (numbers: readonly number[]): number => sorted(numbers)[Math.ceil(numbers.length * 0.99) - 1] ?? NaN;

/** One measured duration, and when the measured action began. */
export interface Taken {
  readonly at: number;
  readonly ms: number;
}

const BATCH_MS = 500;

/**
 * The median of the 99th percentiles of all half seconds. A single hiccup of a shared machine does not count; an attack
 * that goes on does.
 */
export function typicalP99(taken: readonly Taken[]): number {
  const batches = new Map<number, number[]>();
  for (const { at, ms } of taken) {
    const batch = Math.floor(at / BATCH_MS);
    batches.set(batch, [...(batches.get(batch) ?? []), ms]);
  }
  return median([...batches.values()].map(p99));
}

/** `12.3` or `123` */
export const figure = (number: number): string => (Number.isNaN(number) ? '–' : number.toFixed(number < 10 ? 1 : 0));
