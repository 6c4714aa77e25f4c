/** `npm run bench` runs main.ts and `npm run bench:files` files.ts, which Node cannot read by itself, with Vite's module runner. */
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));

// The module does its work while it is imported, because afterwards the runner is closed.
await runnerImport(here(process.argv[2] === 'files' ? './files.ts' : './main.ts'), {
  configFile: false,
  root: here('../..'),
  logLevel: 'warn',
  resolve: {
    alias: { '@tests': here('..'), '@': here('../../src'), 'server-only': here('../support/server-only.ts') },
  },
});
