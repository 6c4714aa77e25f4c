import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const read = (file: string) => readFile(fileURLToPath(new URL(`../../../docs/${file}`, import.meta.url)), 'utf8');

it.each(['nginx.conf', 'Caddyfile'])('docs/reverse-proxies.md shows %s as it is run', async (example) => {
  expect(await read('reverse-proxies.md')).toContain(`\n${await read(`examples/${example}`)}\`\`\`\n`);
});

it('nginx holds back and compresses no stream, in exactly the place where it serves them', async () => {
  const [, streams = ''] =
    /^ {2}location = \/api\/realtime \{\n([^}]*)^ {2}\}$/m.exec(await read('examples/nginx.conf')) ?? [];
  const directives = streams.split('\n').map((line) => line.trim());
  expect(directives).toContain('proxy_buffering off;');
  expect(directives).toContain('gzip off;');
});
