import type { ClientSize } from '@tests/support/client-size';
import type { ManyListeners } from './many-listeners';
import type { Sample, Samples } from './rounds';
import type { Subject, SubjectId } from './subjects';

const AIMS = { ofStock: 0.3, ofRaw: 2.5, memoryKb: 100, clientBytes: 3_000 };

const sorted = (numbers: readonly number[]) => [...numbers].sort((left, right) => left - right);
const median = (numbers: readonly number[]) => sorted(numbers)[Math.floor(numbers.length / 2)] ?? NaN;
const digits = (number: number) => number.toFixed(Math.abs(number) < 10 ? 2 : 1);

function spread(samples: readonly Sample[], of: keyof Sample): string {
  const all = sorted(samples.map((sample) => sample[of]));
  return `${digits(median(all))} (${digits(all[0] ?? NaN)} to ${digits(all.at(-1) ?? NaN)})`;
}

type Row = readonly string[];

/** A Markdown table that is also readable as plain text. */
function table(head: Row, rows: readonly Row[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => (row[column] ?? '').length)));
  const line = (row: Row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

interface Comparison {
  readonly of: SubjectId;
  readonly to: SubjectId;
  readonly value: 'cpuUs' | 'memoryKb';
  readonly aim?: number;
}

const COMPARISONS: readonly Comparison[] = [
  { of: 'mayfly', to: 'mayfly-again', value: 'cpuUs' },
  { of: 'mayfly-rest', to: 'stock-rest', value: 'cpuUs', aim: AIMS.ofStock },
  // The stock handler can speak to Upstash only over HTTP. Over TCP it uses Mayfly's storage.
  { of: 'mayfly', to: 'stock-tcp', value: 'cpuUs' },
  { of: 'mayfly', to: 'raw', value: 'cpuUs', aim: AIMS.ofRaw },
  { of: 'mayfly', to: 'socket-io', value: 'cpuUs' },
  { of: 'mayfly', to: 'mayfly-routed', value: 'cpuUs' },
  { of: 'mayfly', to: 'mayfly-routed', value: 'memoryKb' },
];

/** The ratio of each round, and the least flattering one: the highest or, for a noise row, the farthest from 1. */
function comparisonRow(
  subjects: ReadonlyMap<SubjectId, Subject>,
  samples: Samples,
  { of, to, value, aim }: Comparison,
): Row {
  const below = samples.get(to) ?? [];
  const ratios = (samples.get(of) ?? []).map((sample, round) => sample[value] / (below[round]?.[value] ?? NaN));
  const isNoise = of === 'mayfly' && to === 'mayfly-again';
  const badness = (ratio: number) => (isNoise ? Math.abs(Math.log(ratio)) : ratio);
  const worst = ratios.reduce((left, right) => (badness(right) > badness(left) ? right : left), ratios[0] ?? NaN);
  const title = (id: SubjectId) => subjects.get(id)?.title ?? id;
  const reached =
    aim === undefined
      ? ''
      : `≤ ${aim}: ${worst <= aim ? 'reached' : median(ratios) <= aim ? 'reached but for the worst round' : 'missed'}`;
  return [
    `${isNoise ? 'noise: ' : ''}${title(of)} : ${title(to)}`,
    value === 'cpuUs' ? 'CPU' : 'memory',
    median(ratios).toFixed(2),
    worst.toFixed(2),
    reached,
  ];
}

export interface Report {
  readonly machine: string;
  readonly subjects: ReadonlyMap<SubjectId, Subject>;
  readonly samples: Samples;
  readonly setting: string;
  readonly many: ManyListeners;
  readonly ours: ClientSize;
  readonly theirs: ClientSize;
}

export function renderReport({ machine, subjects, samples, setting, many, ours, theirs }: Report): string {
  const costs = [...subjects].map(([id, { title }]) => {
    const taken = samples.get(id) ?? [];
    return [title, spread(taken, 'cpuUs'), spread(taken, 'memoryKb'), spread(taken, 'delayP99Ms')];
  });
  const comparisons = COMPARISONS.filter(({ of, to }) => samples.has(of) && samples.has(to));
  const within = (value: number, aim: number) => (value <= aim ? 'reached' : 'missed');
  return [
    `${new Date().toISOString().slice(0, 10)}. ${machine}.`,
    `${setting} Medians over the rounds, with the lowest and the highest.`,
    table(['server', 'CPU a delivery, µs', 'memory a listener, kB', '99 % delivered within, ms'], costs),
    table(
      ['ratio', 'of', 'median', 'worst round', 'aim'],
      comparisons.map((one) => comparisonRow(subjects, samples, one)),
    ),
    table(
      ['one process of Mayfly', ''],
      [
        ['listeners', `${many.listeners} in ${many.rooms} rooms`],
        [
          'a message to every room at once, until the last delivery',
          `${digits(median(many.lastMs))} ms (worst of ${many.lastMs.length}: ${digits(many.lastMs.at(-1) ?? NaN)})`,
        ],
        ['resident memory', `${many.rssMb.toFixed(0)} MB`],
        [
          'memory a listener',
          `${digits(many.memoryKb)} kB (aim ≤ ${AIMS.memoryKb}: ${within(many.memoryKb, AIMS.memoryKb)})`,
        ],
      ],
    ),
    table(
      ['browser client', 'minified, bytes', 'gzipped, bytes', 'aim'],
      [
        [
          'Mayfly’s stream, shared by tabs',
          String(ours.minifiedBytes),
          String(ours.gzippedBytes),
          `≤ ${AIMS.clientBytes}: ${within(ours.gzippedBytes, AIMS.clientBytes)}`,
        ],
        ['@upstash/realtime/client', String(theirs.minifiedBytes), String(theirs.gzippedBytes), ''],
      ],
    ),
  ].join('\n\n');
}
