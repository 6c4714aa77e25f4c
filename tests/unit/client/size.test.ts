import { expect, it } from 'vitest';
import { measureClient } from '@tests/support/client-size';

/** The browser may spend this much on listening: client, page signals, sharing among tabs. The aim was 3 kB, gzipped. */
const STREAM_BYTES_MAX = 2_400;

it('the event stream of the browser is small and brings no schemas', async () => {
  const { code, gzippedBytes } = await measureClient('mayfly');
  expect(code).toContain('last_ack_');
  expect(code).not.toContain('zod');
  expect(gzippedBytes).toBeLessThanOrEqual(STREAM_BYTES_MAX);
}, 30_000);
