import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { SUBJECT } from './form';
import type { Row } from './report';
import { mergeTable } from './table';

const DOCUMENT = fileURLToPath(new URL('../../../docs/benchmarks.md', import.meta.url));
/** Only the text between these lines of the document is replaced. */
const MARKS = ['<!-- one visitor against the rest -->', '<!-- end of one visitor against the rest -->'] as const;

/**
 * Collects the figures of the attacks. At the end it prints them as a table, or writes them into docs/benchmarks.md.
 */
export default async function collectReport(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'mayfly-attack-'));
  const file = path.join(folder, 'rows.jsonl');
  await writeFile(file, '');
  project.provide('attackRows', file);
  return async () => {
    const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
    await rm(folder, { recursive: true });
    // Our own recorder wrote this file a moment ago.
    const rows = lines.map((line) => JSON.parse(line) as Row);
    if (rows.length === 0) return;
    const column = SUBJECT === undefined ? 'after' : 'before';
    console.log(`\n${mergeTable('', rows, column)}\n`);
    if (process.env['ATTACK_WRITE'] === 'yes') await writeTable(rows, column);
  };
}

async function writeTable(rows: readonly Row[], column: 'before' | 'after'): Promise<void> {
  const text = await readFile(DOCUMENT, 'utf8');
  const [start, end] = MARKS.map((mark) => text.indexOf(mark));
  if (start === undefined || end === undefined || start < 0 || end < start)
    throw new Error(`${DOCUMENT} lacks the marks around its table.`);
  const table = mergeTable(text.slice(start, end), rows, column);
  await writeFile(DOCUMENT, `${text.slice(0, start)}${MARKS[0]}\n\n${table}\n\n${text.slice(end)}`);
}
