import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { SETTINGS } from '../../../scripts/built-server.mjs';

const COMPOSE = fileURLToPath(new URL('../../../compose.yaml', import.meta.url));
const EXAMPLE = fileURLToPath(new URL('../../../.env.example', import.meta.url));

/** The container listens where its image says, and has the Valkey beside it. */
const OF_THE_CONTAINER = [
  'PORT',
  'HOSTNAME',
  'UPSTASH_REDIS_REST_URL',
  'UPSTASH_REDIS_REST_TOKEN',
  'REDIS_URL',
  'STORAGE_MAX_MB',
];

const settings = async () =>
  Array.from((await readFile(EXAMPLE, 'utf8')).matchAll(/^([A-Z_]+)=$/gm), ([, name = '']) => name);

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

it('compose.yaml hands every setting that does not belong to the container to Mayfly', async () => {
  const [mayfly = ''] = (await readFile(COMPOSE, 'utf8')).split(/^ {2}valkey:$/m);
  const handed = Array.from(mayfly.matchAll(/^ {6}([A-Z_]+): \$\{\1:-/gm), ([, name]) => name);
  const wanted = (await settings()).filter((name) => !OF_THE_CONTAINER.includes(name));
  expect(wanted).toContain('PUBLIC_ROOMS');
  expect(handed.toSorted()).toEqual(wanted.toSorted());
});

it('a server under test inherits no setting of the caller', async () => {
  expect(SETTINGS).toEqual(expect.arrayContaining(await settings()));
});
