import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

/** As the platform sets it, not whoever runs Mayfly. */
const NOT_A_SETTING = ['VERCEL'];

const readInCode = [...read('src/server/env.ts').matchAll(/^ {2}([A-Z][A-Z_]+):/gm)]
  .flatMap(([, name]) => name ?? [])
  .filter((name) => !NOT_A_SETTING.includes(name));

it('the settings that the program reads are those of .env.example and of the table in README.md', () => {
  const inExample = [...read('.env.example').matchAll(/^([A-Z][A-Z_]+)=/gm)].flatMap(([, name]) => name ?? []);
  const [, table = ''] = /## Settings\n(.*?)\n## /s.exec(read('README.md').replace('### Which Redis', '## ')) ?? [];
  const inTable = [...table.matchAll(/^\| (`.*?) \| /gm)].flatMap(([, cell = '']) => cell.match(/[A-Z][A-Z_]+/g) ?? []);
  expect(readInCode.length).toBeGreaterThan(10);
  expect(inExample.sort()).toEqual([...readInCode].sort());
  expect(inTable.sort()).toEqual([...readInCode].sort());
});
