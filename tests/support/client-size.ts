import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export interface ClientSize {
  readonly code: string;
  readonly minifiedBytes: number;
  readonly gzippedBytes: number;
}

/**
 * The size of a module of `clients-in-browser` with everything that it imports except React, which a page has anyway.
 */
export async function measureClient(name: 'mayfly' | 'stock'): Promise<ClientSize> {
  const bundle = await build({
    configFile: false,
    logLevel: 'silent',
    mode: 'production',
    resolve: { alias: { '@': here('../../src') } },
    build: {
      write: false,
      modulePreload: false,
      rolldownOptions: {
        input: here(`./clients-in-browser/${name}.ts`),
        preserveEntrySignatures: 'strict',
        external: /^react($|\/)/,
      },
    },
  });
  if (!('output' in bundle)) throw new Error('The bundler gave no output.');
  const code = bundle.output.map((file) => (file.type === 'chunk' ? file.code : '')).join('');
  return { code, minifiedBytes: Buffer.byteLength(code), gzippedBytes: gzipSync(code).byteLength };
}
