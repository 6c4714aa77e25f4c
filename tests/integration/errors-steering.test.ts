import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BODY_BYTES_MAX, WHISPER_CHARACTERS_MAX } from '@/domain/limits';
import { openStorage } from '@/server/storage/client';
import { type TestApp, startApp } from '@tests/support/app';
import { knock } from '@tests/support/doors';
import { expectProblem } from '@tests/support/problems';
import { listenTo } from '@tests/support/room-stream';
import { type RoomsApi, roomsApi, UNKNOWN_ROOM } from '@tests/support/rooms';

const JSON_TYPE = { 'content-type': 'application/json' };
const LISTED = { listed: true, topic: 'Rainy evenings' };
const SOMEBODY = 'N'.repeat(16);

let app: TestApp;
let api: RoomsApi;
beforeAll(async () => {
  app = await startApp(await openStorage({ kind: 'embedded' }), { publicRooms: true, operatorToken: 'o'.repeat(20) });
  api = roomsApi(app, { operatorToken: 'o'.repeat(20) });
});
afterAll(async () => {
  await app.close();
  await app.context.storage.close();
});

/** The calls that steer a room, each with what is wrong in it alone. */
const CALLS = [
  ['PATCH', 'room?', { topic: 'see example.com' }, LISTED],
  ['POST', 'room/join?', { name: ' ' }, { name: 'Quiet Otter' }],
  ['POST', 'room/extension?', { agree: 'yes', expiresAt: 1 }, { agree: true, expiresAt: 1 }],
  ['POST', 'room/extension?', { agree: true }, { agree: true, expiresAt: 1 }],
  ['POST', `whispers?to=${SOMEBODY}&`, { text: '' }, { text: 'psst' }],
  ['POST', 'whispers?to=short&', { text: 'psst' }, null],
  ['POST', `knocks?knockId=${SOMEBODY}&`, { admit: 'yes' }, { admit: true }],
  ['POST', 'knocks?knockId=short&', { admit: true }, null],
  ['POST', 'room/owner?memberId=short&', {}, null],
  ['POST', 'reports?', { reason: 5 }, { reason: 'Rude' }],
] as const;

describe.each(CALLS)('of several faults in %s /api/%s', (method, path, misfit, fit) => {
  const tooLong = 'x'.repeat(BODY_BYTES_MAX + 1);
  const ask = (question: object, roomId: string = UNKNOWN_ROOM) =>
    api.ask(method, `/api/${path}roomId=${roomId}`, question);

  it.each([
    ['room_not_found', 'cross_origin', 'malformed', { headers: { ...JSON_TYPE, origin: 'null' }, body: tooLong }],
    ['cross_origin', 'unsupported_media_type', UNKNOWN_ROOM, { headers: { origin: 'null' }, body: tooLong }],
    [
      'unsupported_media_type',
      'body_too_large',
      UNKNOWN_ROOM,
      { headers: { 'content-type': 'text/plain' }, body: tooLong },
    ],
    ['body_too_large', 'malformed_body', UNKNOWN_ROOM, { headers: JSON_TYPE, body: tooLong }],
    ['malformed_body', 'invalid_request', UNKNOWN_ROOM, { headers: JSON_TYPE, body: '{' }],
  ] as const)('%s wins over %s', async (code, _, roomId, question) => {
    expectProblem(await ask(question, roomId), code);
  });

  it('what is wrong with it wins over a room that is not there, and that over a missing credential', async () => {
    expectProblem(await ask({ json: misfit }), 'invalid_request');
    if (fit !== null) expectProblem(await ask({ json: fit }), 'room_not_found');
  });

  it('a missing credential is 401, and a guest’s is no owner’s', async () => {
    const owner = await api.open(LISTED);
    const guest = await api.join(owner.roomId);
    if (fit === null || path === 'room/join?') return;
    for (const token of [undefined, 'A'.repeat(43)])
      expectProblem(await ask({ json: fit, token }, owner.roomId), 'not_a_member');
    if (method === 'PATCH' || path.startsWith('knocks'))
      expectProblem(await ask({ json: fit, token: guest.token }, owner.roomId), 'not_the_owner');
  });
});

it('of a listed room that is to be made, its form wins over the setting, and that over what its address has', async () => {
  const off = await startApp(app.context.storage, { publicRooms: false, rateLimits: true });
  const make = (json: object) => roomsApi(off).ask('POST', '/api/room', { json });
  expectProblem(await make({ listed: true }), 'invalid_request', ['topic']);
  for (let count = 0; count < 32; count += 1) await make({});
  expectProblem(await make({}), 'rate_limited');
  expectProblem(await make(LISTED), 'lobby_off');
  await off.close();
});

it('a whisper has 8192 characters, however many bytes they are', async () => {
  const owner = await api.open();
  const stream = await listenTo(app.url, owner);
  const butterflies = '🦋'.repeat(WHISPER_CHARACTERS_MAX);
  expect((await owner.whisper(owner.memberId, butterflies)).status).toBe(204);
  await expect.poll(() => stream.data('member.whispered')).toMatchObject([{ text: butterflies }]);
  expectProblem(await owner.whisper(owner.memberId, `${butterflies}a`), 'invalid_request', ['text']);
});

it('the operator’s calls show nobody else whether a room is there', async () => {
  const owner = await api.open(LISTED);
  for (const roomId of [owner.roomId, UNKNOWN_ROOM])
    for (const token of [undefined, owner.token, 'o'.repeat(21)])
      expectProblem(await api.ask('DELETE', `/api/reports?roomId=${roomId}`, { token }), 'not_a_member');
  const operator = { token: 'o'.repeat(20) };
  expectProblem(await api.ask('DELETE', `/api/reports?roomId=${owner.roomId}`, operator), 'not_found');
  expectProblem(await api.ask('DELETE', `/api/reports?roomId=${UNKNOWN_ROOM}`, operator), 'room_not_found');
  const crossing = { ...operator, headers: { origin: 'https://other.example' } };
  expectProblem(await api.ask('DELETE', `/api/reports?roomId=${owner.roomId}`, crossing), 'cross_origin');
});

it('a lock wins over a door where one knocks, for everybody who has no seat', async () => {
  const owner = await api.open({ entry: 'knock' });
  const guest = await knock(api, owner.roomId, { name: 'Quiet Otter' });
  await owner.answerKnock(guest.knockId, true);
  await owner.lock(true);
  expectProblem(await guest.ask(), 'room_locked');
  const join = { json: { name: 'Loud Fox' } };
  expectProblem(await api.ask('POST', `/api/room/join?roomId=${owner.roomId}`, join), 'room_locked');
});
