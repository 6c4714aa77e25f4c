import { expect, it, onTestFinished, vi } from 'vitest';
import { readEnv } from '@/server/env';
import { openStorage } from '@/server/storage/client';
import { startApp } from '@tests/support/app';
import { knock } from '@tests/support/doors';
import { roomsApi } from '@tests/support/rooms';
import { openSession, PLAIN } from '@tests/support/served-session';

/** Longer than a stream has to live for its renewal to be a planned one. */
const RENEWAL_MS = 8_000;

it('an owner sees somebody who knocked while their stream was being renewed, which no event says', async () => {
  const storage = await openStorage(readEnv({}).storage);
  const app = await startApp(storage, { timings: { renewal: RENEWAL_MS } });
  onTestFinished(async () => {
    await app.close();
    await storage.close();
  });
  const rooms = roomsApi(app);
  const owner = await rooms.open({ entry: 'knock' });
  const session = await openSession(app.url, owner, PLAIN);
  const states: string[] = [];
  session.connection.subscribe(() => states.push(session.connection.get().state));
  await vi.waitFor(() => expect(app.context.hub.people()).toBe(0), { timeout: 2 * RENEWAL_MS, interval: 1 });
  await knock(rooms, owner.roomId, { name: 'Ada' });
  const names = () => session.knocks.atDoor.get().waiting.map(({ name }) => name);
  await vi.waitFor(() => expect(names()).toEqual(['Ada']), { timeout: 15_000 });
  // The page took it for no lost line.
  expect(states).toEqual([]);
}, 60_000);
