/** `npm run bench` runs main.ts and `npm run bench:files` files.ts, which Node cannot read by itself, with Vite's module runner; `bridge` is part of the latter. */
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));

// The module does its work while it is imported, because afterwards the runner is closed.
const MODULES = new Map([
  ['files', './files.ts'],
  ['bridge', './bridge.ts'],
]);
await runnerImport(here(MODULES.get(process.argv[2] ?? '') ?? './main.ts'), {
  configFile: false,
  root: here('../..'),
  logLevel: 'warn',
  resolve: {
    alias: { '@tests': here('..'), '@': here('../../src'), 'server-only': here('../support/server-only.ts') },
  },
});
