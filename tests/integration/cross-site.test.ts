import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStorage } from '@/server/storage/client';
import { newRoomId } from '@/server/auth/tokens';
import { type TestApp, startApp } from '@tests/support/app';
import { expectProblem } from '@tests/support/problems';
import { type RoomsApi, roomsApi, type Seat } from '@tests/support/rooms';

let app: TestApp;
let api: RoomsApi;
let owner: Seat;
beforeAll(async () => {
  app = await startApp(await openStorage({ kind: 'embedded' }), { rateLimits: true });
  api = roomsApi(app);
  owner = await api.open();
});
afterAll(async () => {
  await app.close();
  await app.context.storage.close();
});

const from = (site: string) => ({ 'sec-fetch-site': site });

describe('pages of other sites', () => {
  it.each(['cross-site', 'same-site'])('can request nothing of a room in a visitor’s name (%s)', async (site) => {
    for (const path of ['room', 'members', 'messages']) {
      const answer = await api.ask('GET', `/api/${path}?roomId=${owner.roomId}`, {
        token: owner.token,
        headers: from(site),
      });
      expectProblem(answer, 'cross_origin');
    }
    const stream = await fetch(`${app.url}/api/realtime?channel=${owner.roomId}`, {
      headers: { authorization: `Bearer ${owner.token}`, ...from(site) },
    });
    expect(stream.status).toBe(403);
  });

  it('cannot make a visitor guess until the visitor is refused', async () => {
    for (let guess = 0; guess < 300; guess += 1) {
      await api.ask('GET', `/api/room?roomId=${newRoomId()}`, { headers: from('cross-site') });
    }
    expect((await api.ask('GET', `/api/room?roomId=${owner.roomId}`)).status).toBe(200);
  });

  it.each(['same-origin', 'none'])('are told apart from our own pages and from a typed address (%s)', async (site) => {
    expect((await api.ask('GET', `/api/room?roomId=${owner.roomId}`, { headers: from(site) })).status).toBe(200);
  });
});
