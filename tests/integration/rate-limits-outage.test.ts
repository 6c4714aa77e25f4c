import type { Requester } from '@upstash/redis';
import { expect, it } from 'vitest';
import { RoomError } from '@/domain/errors';
import { openStorage, storageOver } from '@/server/storage/client';
import { startApp } from '@tests/support/app';
import { ENDPOINTS, pathOf } from '@tests/support/endpoints';
import { expectProblem } from '@tests/support/problems';
import { keysOf } from '@tests/support/room-keys';
import { roomsApi, UNKNOWN_ROOM } from '@tests/support/rooms';
import { describeOnEveryStorage } from '@tests/support/storages';
import { startTcpProxy } from '@tests/support/tcp-proxy';

describeOnEveryStorage('when Redis is away', (current) => {
  it('every call is 503 and none is let through, with rate limits and without', async () => {
    const { server, bridge, storage: live } = current();
    // The embedded storage is in the process, with no connection that could fail.
    if (server === null) return;
    const proxy = bridge ? null : await startTcpProxy(server.port);
    const storage = proxy ? await openStorage({ kind: 'redis', url: `redis://127.0.0.1:${proxy.port}` }) : live;
    const apps = [
      await startApp(storage, { rateLimits: true, publicRooms: true }),
      await startApp(storage, { publicRooms: true }),
    ];
    const [limited, open] = apps.map((app) => roomsApi(app));
    if (!limited || !open) throw new Error('The two apps were not started');
    const owner = await limited.open();
    // Their answers are stored in the room, so that the calls at the end add no key.
    for (const answer of [await owner.members(), await owner.look()]) expect(answer.status).toBe(200);
    const keys = await keysOf(current());
    bridge?.refuse(1_000_000);
    proxy?.cut();
    const answers = await Promise.all(
      [limited, open].flatMap((api) =>
        ENDPOINTS.map((endpoint) =>
          api.ask(endpoint.method, pathOf(endpoint, owner.roomId, owner.memberId), {
            json: endpoint.json,
            token: owner.token,
          }),
        ),
      ),
    );
    for (const answer of answers) expectProblem(answer, 'storage_unavailable');
    bridge?.refuse(0);
    proxy?.mend();
    // A command that waited for its turn is not executed after its caller got a refusal.
    expect((await owner.members()).status).toBe(200);
    expect((await owner.look()).body).toMatchObject({ members: 1, locked: false });
    expect(await keysOf(current())).toEqual(keys);
    await Promise.all(apps.map((app) => app.close()));
    await proxy?.stop();
    if (proxy) await storage.close();
  });

  it('nobody passes a limit whose own command fails', async () => {
    const { kind, requester, close } = current().storage;
    let failing = false;
    const faulty: Requester = {
      request: (asked) =>
        failing && JSON.stringify(asked.body).includes('"limit:')
          ? Promise.reject(new RoomError('storage_unavailable', { retryAfterSeconds: 2 }))
          : requester.request(asked),
    };
    const app = await startApp(storageOver(kind, { requester: faulty, close }), { rateLimits: true });
    const api = roomsApi(app);
    const owner = await api.open();
    failing = true;
    const keys = await keysOf(current());
    expectProblem(await api.ask('POST', '/api/room'), 'storage_unavailable');
    expectProblem(await api.ask('POST', `/api/room/join?roomId=${owner.roomId}`), 'storage_unavailable');
    expectProblem(await api.ask('GET', `/api/room?roomId=${UNKNOWN_ROOM}`), 'storage_unavailable');
    expect(await keysOf(current())).toEqual(keys);
    await app.close();
  });
});
