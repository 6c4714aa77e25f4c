import type { Page } from '@playwright/test';

/** All that a page's scripts can still reach: every string and every element that is not garbage. */
export async function takeHeapSnapshot(page: Page): Promise<Buffer> {
  const devtools = await page.context().newCDPSession(page);
  const parts: string[] = [];
  devtools.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => parts.push(chunk));
  // The first collection lets finalizers run, which let go of more.
  for (let round = 0; round < 2; round += 1) await devtools.send('HeapProfiler.collectGarbage');
  await devtools.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  await devtools.detach();
  return Buffer.from(parts.join(''));
}
