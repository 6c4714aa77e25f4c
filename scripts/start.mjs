/** `npm start`: builds when the sources have changed since the last build, then serves. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import nextEnv from '@next/env';
import { STANDALONE, ensureBuild } from './current-build.mjs';
import { ROOT, endWithNpm, runMain } from './project.mjs';

await runMain(async () => {
  endWithNpm();
  await ensureBuild({ quiet: true });
  // The server runs in a folder of its own, where it would not find the .env files.
  nextEnv.loadEnvConfig(ROOT, false);
  await import(pathToFileURL(path.join(STANDALONE, 'serve.mjs')).href);
  return 0;
});
