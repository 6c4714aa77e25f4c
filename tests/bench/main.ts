import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startRedisServer } from '@tests/support/redis-server';
import { startBuiltServer } from '../../scripts/built-server.mjs';
import { ensureBuild } from '../../scripts/current-build.mjs';
import { ensureNeeds } from '../../scripts/needs.mjs';
import { measureClient } from '@tests/support/client-size';
import { describeMachine, pinLoad } from './machine';
import { measureManyListeners } from './many-listeners';
import { renderReport } from './report';
import { LISTENERS, LISTENERS_MORE, MESSAGES_PER_SECOND, runRounds } from './rounds';
import { startBuilt } from './running';
import { SUBJECT_IDS, subjectsOver } from './subjects';
import { buildVariant } from './variant';

const DOCUMENT = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url));
/** Only the text between these lines of the document is replaced. */
const MARKS = ['<!-- figures -->', '<!-- end of figures -->'] as const;

/** A run that hangs is stopped: a whole run takes 35 minutes. */
const LONGEST_MS = 60 * 60_000;

function settings() {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '60' },
      only: { type: 'string', default: SUBJECT_IDS.join(',') },
      write: { type: 'boolean', default: false },
    },
  });
  const only = values.only.split(',');
  return {
    rounds: Math.min(20, Math.max(1, Number(values.rounds))),
    seconds: Math.min(120, Math.max(1, Number(values.seconds))),
    ids: SUBJECT_IDS.filter((id) => only.includes(id)),
    write: values.write,
  };
}

async function writeFigures(figures: string): Promise<void> {
  const text = await readFile(DOCUMENT, 'utf8');
  const [start, end] = MARKS.map((mark) => text.indexOf(mark));
  if (start === undefined || end === undefined || start < 0 || end < start)
    throw new Error(`${DOCUMENT} lacks the marks around its table.`);
  await writeFile(DOCUMENT, `${text.slice(0, start)}${MARKS[0]}\n\n${figures}\n\n${text.slice(end)}`);
}

/**
 * `npm run bench` prints as a table what a delivery and a listener cost, here and elsewhere. Example: `-- --rounds 3
 * --seconds 60 --only raw,mayfly --write`. `--write` puts the table into docs/benchmarks.md. A minute is the shortest
 * fair time, because once a minute every listener of the stock handler pings all others.
 */
async function main(): Promise<void> {
  const { rounds, seconds, ids, write } = settings();
  setTimeout(() => {
    console.error('The benchmark took too long.');
    process.exit(1);
  }, LONGEST_MS).unref();
  // A signal runs no `finally`, but it does end the servers when it becomes an exit.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  await ensureNeeds(['redis-server']);
  await ensureBuild({ quiet: true });
  const startVariant = await buildVariant();
  pinLoad();
  const redis = await startRedisServer();
  try {
    const all = subjectsOver(redis.url, startVariant);
    const subjects = new Map(ids.map((id) => [id, all[id]]));
    const samples = await runRounds(subjects, rounds, seconds);
    const figures = renderReport({
      machine: describeMachine(),
      setting: `${rounds} rounds of ${seconds} s each, ${MESSAGES_PER_SECOND} messages a second to ${LISTENERS} listeners who accept gzip; memory is what ${LISTENERS_MORE} further listeners add.`,
      subjects,
      samples,
      many: await measureManyListeners(await startBuilt(startBuiltServer, { REDIS_URL: redis.url })),
      ours: await measureClient('mayfly'),
      theirs: await measureClient('stock'),
    });
    console.log(`\n${figures}`);
    if (write) await writeFigures(figures);
  } finally {
    await redis.stop();
  }
}

await main();
