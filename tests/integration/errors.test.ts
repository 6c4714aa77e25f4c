import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { BODY_BYTES_MAX, REKEY_BODY_BYTES_MAX } from '@/domain/limits';
import { openStorage } from '@/server/storage/client';
import { type TestApp, startApp } from '@tests/support/app';
import { ENDPOINTS, pathOf } from '@tests/support/endpoints';
import { expectProblem } from '@tests/support/problems';
import { type RoomsApi, roomsApi, type Seat, UNKNOWN_ROOM } from '@tests/support/rooms';
import { cardOf, joinSealed, newcomer, proofOf, rekeyTo, sealedOf, sealedRoom } from '@tests/support/sealed-rooms';

let app: TestApp;
let api: RoomsApi;
let owner: Seat;
beforeAll(async () => {
  app = await startApp(await openStorage({ kind: 'embedded' }));
  api = roomsApi(app);
  owner = await api.open({ maxMembers: 2 });
});
afterAll(async () => {
  await app.close();
  await app.context.storage.close();
});

const JSON_TYPE = { 'content-type': 'application/json' };
const CHANGES = ENDPOINTS.filter(({ method }) => method !== 'GET');
const IN_ROOM = ENDPOINTS.filter(({ inRoom }) => inRoom);

describe('a path that does not exist', () => {
  it.each([
    ['GET', '/api'],
    ['GET', '/api/'],
    ['GET', '/api/nothing'],
    ['GET', '/api/rooms'],
    ['GET', '/api/room/other'],
    ['GET', '/api/room/join'],
    ['GET', '/api/ROOM'],
    ['GET', '/api/room/'],
    ['POST', '/api/messages/'],
    ['GET', '/api/%'],
    ['GET', '/api/%2e%2e/room'],
    ['GET', '/api//room'],
    ['GET', '/api/__proto__'],
    ['GET', '/api/constructor'],
    ['POST', '/api/nothing'],
    ['DELETE', '/api/nothing'],
  ])('is 404 not_found: %s %s', async (method, path) => {
    expectProblem(await api.ask(method, `${path}?roomId=${owner.roomId}`), 'not_found');
  });

  it.each(
    [
      '/api/room',
      '/api/room/join',
      '/api/room/leave',
      '/api/room/rekey',
      '/api/epochs',
      '/api/members',
      '/api/messages',
      '/api/files',
      '/api/files/piece',
      '/api/health',
      '/api/openapi/json',
    ].flatMap((path) =>
      ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'LOCK']
        .filter((method) => !ENDPOINTS.some((known) => known.method === method && known.path === path))
        .map((method) => [method, path] as const),
    ),
  )('is 404 not_found, not the framework’s bare 405: %s %s', async (method, path) => {
    if (method === 'GET' && path.startsWith('/api/openapi')) return;
    expectProblem(await api.ask(method, `${path}?roomId=${owner.roomId}`), 'not_found');
  });

  it('is 404 for HEAD too, without a body, and every path that answers GET answers HEAD', async () => {
    expect(await api.ask('HEAD', '/api/nothing')).toMatchObject({ status: 404 });
    const [head, get] = [await api.ask('HEAD', `/api/room?roomId=${owner.roomId}`), await owner.look()];
    expect({ ...head, headers: [head.headers.get('content-type'), head.headers.get('cache-control')] }).toEqual({
      status: get.status,
      body: null,
      headers: [get.headers.get('content-type'), get.headers.get('cache-control')],
    });
  });
});

describe('a room id', () => {
  it.each(IN_ROOM)(
    'of the wrong shape is 404 before all other faults: $method $path',
    async ({ method, path, query }) => {
      const { roomId, memberId } = owner;
      const wrong = [
        '',
        `roomId=`,
        `roomId=${roomId.slice(1)}`,
        `roomId=${roomId}a`,
        `roomId=${roomId.slice(1)}-`,
        `roomId=${roomId}%0A`,
        `roomId=%00${roomId}`,
        `roomId=../room`,
        `roomId=__proto__`,
        `roomId=${roomId}&roomId=${roomId}`,
        `roomId=${roomId}&roomId=`,
        `roomId[]=${roomId}`,
        `RoomId=${roomId}`,
        `roomId=${roomId.slice(1)}%F0%9F%A6%8B`,
        `roomId=%ff`,
        `roomId=${encodeURIComponent(`{${roomId}}`)}`,
      ];
      for (const bad of wrong) {
        // These also come from another origin, with a form as the body and without a credential.
        const headers = { origin: 'https://other.example', 'content-type': 'text/plain' };
        const body = method === 'GET' ? undefined : 'not json';
        expectProblem(await api.ask(method, `${path}?${bad}${query(memberId)}`, { headers, body }), 'room_not_found');
      }
    },
  );

  it.each(IN_ROOM)(
    'of no room gets the same answer as that of a room that is gone: $method $path',
    async (endpoint) => {
      const gone = await api.open();
      await gone.destroy();
      const answers = [];
      for (const roomId of [UNKNOWN_ROOM, gone.roomId]) {
        const { method, json } = endpoint;
        answers.push(await api.ask(method, pathOf(endpoint, roomId, gone.memberId), { json, token: gone.token }));
      }
      for (const answer of answers) expectProblem(answer, 'room_not_found');
      expect(answers[0]?.body).toEqual(answers[1]?.body);
    },
  );
});

describe('another origin', () => {
  const refused = [
    'null',
    'https://other.example',
    'http://localhost:8080',
    'http://sub.localhost',
    'http://localhost.other.example',
    'nonsense',
    'file://',
  ];
  it.each(CHANGES)('is refused every change, with a credential or without: $method $path', async (endpoint) => {
    for (const origin of refused) {
      for (const token of [owner.token, undefined]) {
        const answer = await api.ask(endpoint.method, pathOf(endpoint, owner.roomId, owner.memberId), {
          json: endpoint.json,
          token,
          headers: { origin },
        });
        expectProblem(answer, 'cross_origin');
      }
    }
    expect((await owner.look()).body).toMatchObject({ members: 1, locked: false, you: { owner: true } });
  });

  it('may read, which changes nothing', async () => {
    const answer = await api.ask('GET', `/api/room?roomId=${owner.roomId}`, {
      headers: { origin: 'https://other.example' },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  it.each([
    ['http://localhost', { host: 'localhost' }],
    ['https://localhost', { host: 'localhost' }],
    ['http://mayfly.example:3000', { host: 'mayfly.example:3000' }],
    ['http://mayfly.example', { host: 'Mayfly.Example' }],
    ['http://[::1]:3000', { host: '[::1]:3000' }],
  ])('is not %s when that is the host of the request', async (origin, headers) => {
    expect((await api.ask('POST', '/api/room', { headers: { ...headers, origin } })).status).toBe(201);
  });

  it('is recognised by the forwarded host only behind a trusted proxy', async () => {
    const headers = { host: 'inside:3000', 'x-forwarded-host': 'mayfly.example', origin: 'https://mayfly.example' };
    expectProblem(await api.ask('POST', '/api/room', { headers }), 'cross_origin');
    const behind = roomsApi(app, { trustedProxies: 1 });
    expect((await behind.ask('POST', '/api/room', { headers })).status).toBe(201);
    expectProblem(
      await behind.ask('POST', '/api/room', { headers: { ...headers, origin: 'http://inside:3000' } }),
      'cross_origin',
    );
    // Everything before the proxy's own value is only the client's claim.
    const claimed = { ...headers, 'x-forwarded-host': 'other.example, mayfly.example' };
    expect((await behind.ask('POST', '/api/room', { headers: claimed })).status).toBe(201);
    expectProblem(
      await behind.ask('POST', '/api/room', { headers: { ...claimed, origin: 'https://other.example' } }),
      'cross_origin',
    );
  });
});

describe('a body', () => {
  const send = (body: BodyInit, headers: Record<string, string> = JSON_TYPE) =>
    api.ask('POST', `/api/messages?roomId=${owner.roomId}`, { token: owner.token, body, headers });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/json',
    'application/json5',
    'application/problem+json',
    'application',
    '',
    'application/jsonx',
    'application/octet-stream',
  ])('of the type "%s" is 415', async (type) => {
    const body = new TextEncoder().encode('{"sender":"a","text":"b"}');
    expectProblem(await send(body, type === '' ? {} : { 'content-type': type }), 'unsupported_media_type');
  });

  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON',
    'application/json ;charset="utf-8"',
  ])('of the type "%s" is read', async (type) => {
    expect((await send('{"sender":"a","text":"b"}', { 'content-type': type })).status).toBe(201);
  });

  it.each([
    ['cut off', '{"sender":"a"'],
    ['with something behind', '{}x'],
    ['of single quotes', "{'sender':'a'}"],
    ['of a bare word', 'undefined'],
    ['of NaN', '{"lifetimeSeconds":NaN}'],
    ['of blanks', '   '],
    ['of invalid UTF-8', Uint8Array.of(0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d)],
    ['of half a character', Uint8Array.of(0x22, 0xf0, 0x9f, 0xa6, 0x22)],
    ['of UTF-16', new Uint8Array(Buffer.from('{}', 'utf16le'))],
    ['of NUL', '\0'],
    ['too deep to be closed', '['.repeat(50_000)],
  ])('%s is 400', async (_, body) => {
    expectProblem(await send(body), 'malformed_body');
  });

  it.each([['null'], ['[]'], ['"text"'], ['5'], ['true'], [`${'['.repeat(20_000)}${']'.repeat(20_000)}`]])(
    'that is %.20s is 422',
    async (body) => {
      expectProblem(await send(body), 'invalid_request', ['']);
    },
  );

  it('cannot set a prototype: keys with that name are ordinary unknown fields', async () => {
    const body =
      '{"__proto__":{"text":"b","admin":true},"constructor":{"prototype":{"admin":true}},"sender":"a","text":"b"}';
    const answer = await send(body);
    expect(answer.status).toBe(201);
    expect(Object.keys(answer.body ?? {}).sort()).toEqual([
      'cursor',
      'id',
      'memberId',
      'roomId',
      'sender',
      'text',
      'timestamp',
    ]);
    expect({}).not.toHaveProperty('admin');
    expectProblem(await send('{"__proto__":{"sender":"a","text":"b"}}'), 'invalid_request', ['text']);
  });

  it('of 64 kB is read, and one of a byte more is 413, whether its length is announced or not', async () => {
    const fit = `{"sender":"a","text":"b","padding":"${'x'.repeat(BODY_BYTES_MAX - 38)}"}`;
    expect(Buffer.byteLength(fit)).toBe(BODY_BYTES_MAX);
    for (const length of [{}, { 'content-length': '65536' }]) {
      expect((await send(fit, { ...JSON_TYPE, ...length })).status).toBe(201);
    }
    for (const length of [{}, { 'content-length': '65537' }, { 'transfer-encoding': 'chunked' }]) {
      expectProblem(await send(`${fit} `, { ...JSON_TYPE, ...length }), 'body_too_large');
    }
  });

  it('is not read further than its cap', async () => {
    let pulled = 0;
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulled += 1;
        controller.enqueue(new Uint8Array(16_384).fill(0x20));
      },
      cancel: () => {
        cancelled = true;
      },
    });
    expectProblem(await send(endless), 'body_too_large');
    expect(cancelled).toBe(true);
    expect(pulled).toBeLessThanOrEqual(8);
  });

  it('is not read at all when it is announced to be too long', async () => {
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({ pull: () => void (pulled += 1) }, { highWaterMark: 0 });
    expectProblem(await send(endless, { ...JSON_TYPE, 'content-length': '10000000000' }), 'body_too_large');
    expect(pulled).toBe(0);
  });
});

describe('of several faults', () => {
  const elsewhere = { origin: 'https://other.example' };
  const tooLong = 'x'.repeat(BODY_BYTES_MAX + 1);
  const path = (roomId: string) => `/api/messages?roomId=${roomId}`;

  it.each([
    [
      'cross_origin',
      'unsupported_media_type',
      { headers: { ...elsewhere, 'content-type': 'text/plain' }, body: tooLong },
    ],
    ['unsupported_media_type', 'body_too_large', { headers: { 'content-type': 'text/plain' }, body: tooLong }],
    ['body_too_large', 'malformed_body', { headers: JSON_TYPE, body: tooLong }],
    ['malformed_body', 'room_not_found', { headers: JSON_TYPE, body: '{' }],
    ['invalid_request', 'room_not_found', { json: { sender: '', text: '' } }],
    ['room_not_found', 'not_a_member', { json: { sender: 'a', text: 'b' } }],
  ] as const)('%s wins over %s', async (code, _, question) => {
    expectProblem(await api.ask('POST', path(UNKNOWN_ROOM), question), code);
  });

  it('a fault of the query wins over a missing room and a missing credential', async () => {
    expectProblem(await api.ask('GET', `${path(UNKNOWN_ROOM)}&limit=0`), 'invalid_request', ['limit']);
    expectProblem(await api.ask('DELETE', `/api/members?roomId=${UNKNOWN_ROOM}&memberId=x`), 'invalid_request', [
      'memberId',
    ]);
  });

  it('content that this kind of room does not accept wins over a missing credential', async () => {
    const sealed = sealedOf(2_000);
    const answer = await api.ask('POST', path(owner.roomId), { json: { text: sealed } });
    expectProblem(answer, 'invalid_request', ['sender', 'text']);
  });

  it('a missing credential wins over a missing right, which wins over a refusal by the room', async () => {
    const guest = await api.join(owner.roomId);
    const lock = `/api/room?roomId=${owner.roomId}`;
    expectProblem(await api.ask('PATCH', lock, { json: { locked: true } }), 'not_a_member');
    expectProblem(await guest.lock(true), 'not_the_owner');
    expectProblem(await guest.remove('Z'.repeat(16)), 'not_the_owner');
    await owner.lock(true);
    expectProblem(await api.ask('POST', `/api/room/join?roomId=${owner.roomId}`), 'room_locked');
    await owner.lock(false);
    expectProblem(await api.ask('POST', `/api/room/join?roomId=${owner.roomId}`), 'room_full');
    await guest.leave();
  });
});

describe('of several faults in a sealed room', () => {
  const tooLong = 'x'.repeat(REKEY_BODY_BYTES_MAX + 1);
  const post = (call: string, roomId: string, question: object) =>
    api.ask('POST', `/api/room/${call}?roomId=${roomId}`, question);

  it.each([
    [
      'cross_origin',
      'unsupported_media_type',
      { headers: { origin: 'null', 'content-type': 'text/plain' }, body: tooLong },
    ],
    ['unsupported_media_type', 'body_too_large', { headers: { 'content-type': 'text/plain' }, body: tooLong }],
    ['body_too_large', 'malformed_body', { headers: JSON_TYPE, body: tooLong }],
    ['malformed_body', 'invalid_request', { headers: JSON_TYPE, body: 'x'.repeat(BODY_BYTES_MAX + 1) }],
    ['invalid_request', 'room_not_found', { json: rekeyTo(1, [], { previous: sealedOf(400, 2) }) }],
    ['room_not_found', 'not_a_member', { json: rekeyTo(1, []) }],
  ] as const)('of a rekey, %s wins over %s', async (code, _, question) => {
    expectProblem(await post('rekey', UNKNOWN_ROOM, question), code);
  });

  it('of a rekey, the epoch wins over the members, and both over nothing that a stranger or a guest learns', async () => {
    const maker = await api.open(sealedRoom());
    const guest = await joinSealed(api, maker.roomId);
    const [wrongEpoch, wrongMembers] = [rekeyTo(2, []), rekeyTo(1, [maker])];
    for (const json of [wrongEpoch, wrongMembers]) {
      expectProblem(await post('rekey', maker.roomId, { json }), 'not_a_member');
      expectProblem(await post('rekey', maker.roomId, { json, token: guest.token }), 'not_the_owner');
    }
    const asMaker = (json: unknown) => post('rekey', maker.roomId, { json, token: maker.token });
    expectProblem(await asMaker(wrongEpoch), 'epoch_changed');
    expectProblem(await asMaker(wrongMembers), 'members_changed');
  });

  it('of a join, the form wins over the room, then its key, its lock, the id, the epoch and the room’s seats', async () => {
    const maker = await api.open(sealedRoom({ maxMembers: 2 }));
    await joinSealed(api, maker.roomId);
    const join = (json: object, roomId = maker.roomId) => post('join', roomId, { json });
    const wrong = { ...newcomer(), memberId: maker.memberId, card: cardOf(1) };
    expectProblem(await join({ ...wrong, proof: 'short' }, UNKNOWN_ROOM), 'invalid_request', ['proof']);
    expectProblem(await join(wrong, UNKNOWN_ROOM), 'room_not_found');
    await maker.lock(true);
    expectProblem(await join({ ...wrong, proof: proofOf(1) }), 'wrong_key');
    expectProblem(await join(wrong), 'room_locked');
    await maker.lock(false);
    expectProblem(await join(wrong), 'member_id_taken');
    expectProblem(await join({ ...newcomer(), card: cardOf(1) }), 'epoch_changed');
    expectProblem(await join(newcomer()), 'room_full');
  });

  it('of a move, the id wins over the epoch, which wins over the pace', async () => {
    const limited = await startApp(app.context.storage, { rateLimits: true });
    const maker = await roomsApi(limited).open(sealedRoom());
    expect((await maker.join(newcomer())).status).toBe(200);
    const { memberId } = maker;
    expectProblem(await maker.join({ memberId: newcomer().memberId }), 'invalid_request', ['card']);
    expectProblem(await maker.join({ memberId, card: cardOf(1) }), 'member_id_taken');
    expectProblem(await maker.join({ ...newcomer(), card: cardOf(1) }), 'epoch_changed');
    expectProblem(await maker.join(newcomer()), 'rate_limited');
    await limited.close();
  });

  it.each([
    ['PATCH', 'members', { card: 'v2.0.x' }, { card: cardOf(1) }],
    ['POST', 'messages', { text: 'hello' }, { text: sealedOf(300, 1) }],
  ])('of %s %s, what it is wins over who asks, and that over its epoch', async (method, path, misfit, late) => {
    const maker = await api.open(sealedRoom());
    const ask = (json: object, token?: string) =>
      api.ask(method, `/api/${path}?roomId=${maker.roomId}`, { token, json });
    expectProblem(await ask(misfit), 'invalid_request');
    expectProblem(await ask(late), 'not_a_member');
    expectProblem(await ask(late, maker.token), 'epoch_changed');
  });
});

describe('a storage that fails in an unforeseen way', () => {
  it('is a bare 500 that reveals nothing', async () => {
    const { redis } = app.context.storage;
    const broken = await api.open();
    await redis.set(`room:{${broken.roomId}}:tokens`, 'of another type');
    const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const answer = await broken.look();
    const lines = written.mock.calls.length;
    written.mockRestore();
    expect(answer.status).toBe(500);
    expect(answer.body).toMatchObject({ status: 500, code: 'internal_error' });
    expect(JSON.stringify(answer.body)).not.toMatch(/WRONGTYPE|HGET|redis|script|lua|\.ts/i);
    expect(lines).toBe(1);
  });
});
