import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const read = (file: string) => readFile(fileURLToPath(new URL(`../../../docs/${file}`, import.meta.url)), 'utf8');

it.each(['nginx.conf', 'Caddyfile'])('docs/reverse-proxies.md shows %s as it is run', async (example) => {
  expect(await read('reverse-proxies.md')).toContain(`\n${await read(`examples/${example}`)}\`\`\`\n`);
});
