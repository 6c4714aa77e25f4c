import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { expect, it } from 'vitest';

/** What the browser may spend on listening: client, sharing among tabs and the parser of event streams. */
const STREAM_BYTES_MAX = 3_000;

it('the event stream of the browser is at most 3 kB, minified and gzipped', async () => {
  const source = (path: string) => fileURLToPath(new URL(`../../../src/${path}`, import.meta.url));
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    resolve: { alias: { '@': source('') } },
    // A library of modules would keep its whitespace.
    build: { write: false, lib: { entry: source('client/shared-stream.ts'), formats: ['iife'], name: 'stream' } },
  });
  const outputs = (Array.isArray(built) ? built : [built]).flatMap((bundle) => ('output' in bundle ? bundle.output : []));
  const code = outputs.map((output) => (output.type === 'chunk' ? output.code : '')).join('');
  expect(code).toContain('last_ack_');
  expect(code).not.toContain('zod');
  expect(gzipSync(code).length).toBeLessThanOrEqual(STREAM_BYTES_MAX);
}, 30_000);
