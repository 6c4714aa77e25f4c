/** `npm run gallery`: every state of every screen side by side, from the components as they are. `PORT` chooses a port. */
import { startGallery } from '../tests/gallery/site.mjs';
import { endWithNpm, runMain } from './project.mjs';

await runMain(async () => {
  const gallery = await startGallery({ port: Number(process.env.PORT ?? 0), watches: true });
  console.log(`The gallery is on ${gallery.url}`);
  endWithNpm();
  await new Promise((resolve) => {
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.once(signal, resolve);
  });
  await gallery.stop();
  return 0;
});
