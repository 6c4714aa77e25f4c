/** `npm run build`: makes the production build from scratch and puts everything that its server needs beside it. */
import { ensureBuild } from './current-build.mjs';
import { runMain } from './project.mjs';

await runMain(async () => {
  await ensureBuild({ force: true });
  return 0;
});
