/** `npm run build`: the production build, made afresh, with all that its server needs beside it. */
import { ensureBuild } from './current-build.mjs';
import { runMain } from './project.mjs';

await runMain(async () => {
  await ensureBuild({ force: true });
  return 0;
});
