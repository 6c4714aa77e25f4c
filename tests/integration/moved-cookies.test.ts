import { expect, it, onTestFinished } from 'vitest';
import { EXTENSION_MS } from '@/domain/limits';
import { startApp } from '@tests/support/app';
import { clockedStorage } from '@tests/support/clocked-storage';
import { ENDPOINTS, NAMED_FILE, NAMED_KNOCK, NAMED_MESSAGE, pathOf } from '@tests/support/endpoints';
import { knock } from '@tests/support/doors';
import { listenTo } from '@tests/support/room-stream';
import { OCTETS, roomsApi } from '@tests/support/rooms';
import { joinSealed, rekeyTo, sealedRoom } from '@tests/support/sealed-rooms';

/** Calls that give no member an answer about their room, or that end their seat. */
const SAYS_NOTHING_OF_A_SEAT = ['POST /api/room', 'GET /api/lobby', 'GET /api/health'];
const ENDS_THE_SEAT = ['POST /api/room/leave', 'DELETE /api/room'];

const calls = ENDPOINTS.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const).filter(
  ([name]) => !SAYS_NOTHING_OF_A_SEAT.includes(name) && !ENDS_THE_SEAT.includes(name),
);

it.each(calls)('the cookie of a room whose end has moved comes with the answer to %s', async (name, endpoint) => {
  const { storage } = clockedStorage();
  const app = await startApp(storage, { publicRooms: true });
  onTestFinished(() => app.close());
  const api = roomsApi(app);
  const sealed = name === 'POST /api/room/rekey';
  const owner = await api.open(sealed ? sealedRoom() : {});
  const guest = sealed ? await joinSealed(api, owner.roomId) : await api.join(owner.roomId);
  if (!sealed) await owner.send({ id: NAMED_MESSAGE });
  await owner.beginFile({ id: NAMED_FILE, bytes: 5, pieces: 1 });
  if (endpoint.method === 'GET' || endpoint.method === 'DELETE') await owner.putPiece(NAMED_FILE, 0, new Uint8Array(5));
  await owner.steer({ entry: 'knock' });
  const waiting = sealed ? null : await knock(api, owner.roomId, { name: 'Quiet Otter' });
  await listenTo(app.url, guest);
  if (name === 'POST /api/reports') await owner.steer({ listed: true, topic: 'Rainy evenings' });
  await guest.extend(true);
  const json = {
    ...endpoint.json,
    ...(name === 'POST /api/room/extension' && { agree: false, expiresAt: owner.expiresAt + EXTENSION_MS }),
    ...(sealed && rekeyTo(1, [owner, guest])),
  };
  const path = pathOf(endpoint, owner.roomId, guest.memberId).replace(NAMED_KNOCK, waiting?.knockId ?? '');
  const cookie = { cookie: `mayfly_${owner.roomId}=${owner.token}` };
  const answer = await api.ask(
    endpoint.method,
    path,
    endpoint.method === 'PUT'
      ? { headers: { ...cookie, ...OCTETS }, body: Buffer.alloc(5) }
      : { headers: cookie, ...(endpoint.method !== 'GET' && { json }) },
  );
  expect([answer.status < 300, answer.body]).toEqual([true, answer.body]);
  const end = `mayfly_${owner.roomId}=${owner.token}.${owner.expiresAt + EXTENSION_MS}; Max-Age=`;
  expect(answer.headers.getSetCookie()).toEqual([expect.stringContaining(end)]);
});
