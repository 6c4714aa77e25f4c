import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const COMPOSE = fileURLToPath(new URL('../../../compose.yaml', import.meta.url));

/** The words of the Valkey's command, one on each line of the file. */
async function wordsOfValkey(): Promise<string[]> {
  const [, valkey = ''] = (await readFile(COMPOSE, 'utf8')).split(/^ {2}valkey:$/m);
  const [, list = ''] = /^ {4}command:\n((?: {6}- .*\n)+)/m.exec(valkey) ?? [];
  return Array.from(list.matchAll(/^ {6}- (.*)$/gm), ([, word = '']) => word.replace(/^'(.*)'$/, '$1'));
}

it('the Valkey of compose.yaml has a ceiling, evicts nothing from living rooms, and writes nothing to a disk', async () => {
  const [program, ...words] = await wordsOfValkey();
  expect(program).toBe('valkey-server');
  const options = new Map(
    Array.from({ length: words.length / 2 }, (_, index) => [words[2 * index], words[2 * index + 1]]),
  );
  expect(options.get('--maxmemory')).toMatch(/^\$\{VALKEY_MAXMEMORY:-[1-9]\d*mb\}$/);
  expect(Object.fromEntries(options)).toMatchObject({
    '--maxmemory-policy': 'noeviction',
    '--save': '',
    '--appendonly': 'no',
    '--slowlog-log-slower-than': '-1',
  });
});
