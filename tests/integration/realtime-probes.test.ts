import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApp, startApp } from '@tests/support/app';
import { askRaw, listen, readRaw, soon, streamPath } from '@tests/support/event-stream';
import { expectProblem, type ProblemCode } from '@tests/support/problems';
import { type RoomsApi, roomsApi, type Seat, UNKNOWN_ROOM } from '@tests/support/rooms';
import { describeOnEveryStorage } from '@tests/support/storages';

describeOnEveryStorage('the event stream under probes', (current) => {
  let app: TestApp;
  let api: RoomsApi;
  beforeAll(async () => {
    app = await startApp(current().storage, { rateLimits: false });
    api = roomsApi(app);
  });
  afterAll(() => app.close());

  const bearer = ({ token }: Pick<Seat, 'token'>) => ({ authorization: `Bearer ${token}` });

  /**
   * Commands from a point of the record on, without those for rooms of earlier tests whose streams are still closing.
   */
  const commandsSince = (before: number, { roomId }: Pick<Seat, 'roomId'>) =>
    current()
      .recorded.slice(before)
      .filter(({ args }) => {
        const about = args.map((arg) => /^(?:room:\{)?(\w{22})\b/.exec(arg)?.[1]).find((id) => id !== undefined);
        return about === undefined || about === roomId;
      });

  async function expectRefusal(
    path: string,
    code: ProblemCode,
    options: Parameters<typeof askRaw>[2] = {},
    paths?: string[],
  ) {
    const { response } = await askRaw(app.url, path, options);
    const headers = new Headers(
      Object.entries(response.headers).map(([name, value]): [string, string] => [name, String(value)]),
    );
    const text = await readRaw(response);
    expectProblem({ status: response.statusCode ?? 0, headers, body: JSON.parse(text) }, code, paths);
    expect(headers.get('access-control-allow-origin')).toBeNull();
    return text;
  }

  describe('a channel that is not exactly a room id', () => {
    const ROOM = 'A'.repeat(22);
    const MALFORMED = [
      ['is missing', '/api/realtime'],
      ['is empty', '/api/realtime?channel='],
      ['is the default of the library', '/api/realtime?channel=default'],
      ['climbs out of its path', '/api/realtime?channel=../del/victim'],
      ['climbs out of its path from a room', `/api/realtime?channel=${ROOM}/../../del/victim`],
      ['climbs out encoded', '/api/realtime?channel=..%2Fdel%2Fvictim'],
      ['climbs out encoded twice', '/api/realtime?channel=..%252Fdel%252Fvictim'],
      ['climbs out encoded whole', '/api/realtime?channel=%2e%2e%2f%64%65%6c%2f%76'],
      ['climbs out as wide characters', '/api/realtime?channel=%EF%BC%8E%EF%BC%8E%EF%BC%8Fdel'],
      ['names a prototype', '/api/realtime?channel=__proto__'],
      ['names a constructor', '/api/realtime?channel=constructor'],
      ['is a key of a room', `/api/realtime?channel=room:{${ROOM}}`],
      ['is a key of addresses', '/api/realtime?channel=limit:secret'],
      ['is a pattern', '/api/realtime?channel=*'],
      ['holds a comma', `/api/realtime?channel=${ROOM},${ROOM}`],
      ['ends in NUL', `/api/realtime?channel=${ROOM}%00`],
      ['ends in a line', `/api/realtime?channel=${ROOM}%0A`],
      ['ends in a space', `/api/realtime?channel=${ROOM}+`],
      ['is one character short', `/api/realtime?channel=${'A'.repeat(21)}`],
      ['is one character long', `/api/realtime?channel=${'A'.repeat(23)}`],
      ['is very long', `/api/realtime?channel=${'A'.repeat(8_000)}`],
      ['is given twice', `/api/realtime?channel=${ROOM}&channel=${ROOM}`],
      ['is given with another', `/api/realtime?channel=${ROOM}&channel=../del/victim`],
      ['is given as a list', `/api/realtime?channel[]=${ROOM}`],
      ['has another name', `/api/realtime?Channel=${ROOM}`],
      ['stands in a query that does not decode', '/api/realtime?channel=%E0%A4%A'],
    ] as const;

    it.each(MALFORMED)('is not a room when it %s, and no command is sent for it', async (_, path) => {
      const seat = await api.open();
      const before = current().recorded.length;
      await expectRefusal(path, 'room_not_found', { headers: bearer(seat) });
      await expectRefusal(`${path}${path.includes('?') ? '&' : '?'}last_ack_default=nonsense`, 'room_not_found');
      expect(commandsSince(before, seat)).toEqual([]);
    });

    it('is not a room when it adds to the id of the member’s own room', async () => {
      const seat = await api.open();
      const before = current().recorded.length;
      for (const tail of ['/../del', '%2F..%2Fdel', '%00', '%0d%0aX', ',x', '&channel=', `&channel=${seat.roomId}`]) {
        await expectRefusal(`/api/realtime?channel=${seat.roomId}${tail}`, 'room_not_found', { headers: bearer(seat) });
      }
      expect(commandsSince(before, seat)).toEqual([]);
    });
  });

  it('looks the same for a room that never existed, one that has been destroyed, and one that the caller has no seat in', async () => {
    const seat = await api.open();
    await seat.destroy();
    const answers = [
      await expectRefusal(streamPath(UNKNOWN_ROOM), 'room_not_found'),
      await expectRefusal(streamPath(seat.roomId), 'room_not_found', { headers: bearer(seat) }),
      await expectRefusal('/api/realtime?channel=default', 'room_not_found'),
    ];
    expect(new Set(answers).size).toBe(1);
  });

  it('lets nobody in without a credential of exactly this room', async () => {
    const [seat, other] = [await api.open(), await api.open()];
    const left = await api.join(seat.roomId);
    await left.leave();
    const path = streamPath(seat.roomId, '0');
    const headers: Record<string, string>[] = [
      {},
      bearer(other),
      bearer(left),
      { cookie: `mayfly_${seat.roomId}=${other.token}` },
      { cookie: `mayfly_${other.roomId}=${seat.token}` },
      { cookie: `mayfly_${seat.roomId}=` },
      { authorization: `Basic ${seat.token}` },
      { authorization: 'Bearer __proto__' },
      { authorization: `Bearer ${seat.token.toLowerCase()}` },
      { authorization: `Bearer ${seat.token}x` },
      { authorization: `Bearer ${seat.memberId}` },
    ];
    for (const sent of headers) await expectRefusal(path, 'not_a_member', { headers: sent });
    await expectRefusal(`${path}&token=${seat.token}`, 'not_a_member');
    expect(await seat.look()).toMatchObject({ body: { here: 0 } });
  });

  it('lets the room’s own cookie in', async () => {
    const seat = await api.open();
    const { response, asked } = await askRaw(app.url, streamPath(seat.roomId), {
      headers: { cookie: `other=1; mayfly_${seat.roomId}=${seat.token}` },
    });
    expect(response.statusCode).toBe(200);
    asked.destroy();
  });

  it.each([
    '',
    '-',
    '-1',
    '1-',
    '-1-0',
    'abc',
    '1-a',
    '1.5',
    '1e3',
    '0x10',
    '1-1-1',
    '+',
    '%2B',
    '$',
    '(1',
    ' 1',
    '1%00',
    '1'.repeat(21),
    '1-'.padEnd(23, '1'),
  ])('refuses the malformed position "%s", and says which one it is', async (ack) => {
    const seat = await api.open();
    const before = current().recorded.length;
    const path = `last_ack_${seat.roomId}`;
    await expectRefusal(encodeURI(streamPath(seat.roomId, ack)), 'invalid_request', { headers: bearer(seat) }, [path]);
    expect(commandsSince(before, seat)).toEqual([]);
  });

  it('refuses a position given twice, and reports a missing room before a malformed position', async () => {
    const seat = await api.open();
    const path = `last_ack_${seat.roomId}`;
    await expectRefusal(`${streamPath(seat.roomId, '1')}&${path}=2`, 'invalid_request', { headers: bearer(seat) }, [
      path,
    ]);
    await expectRefusal(`/api/realtime?channel=x&last_ack_x=nonsense`, 'room_not_found');
  });

  it.each([
    '99999999999999',
    '253402300800000-0',
    '99999999999999999999-0',
    '99999999999999999999',
    '1-99999999999999999999',
    '18446744073709551615-18446744073709551615',
  ])('treats the far position %s as the newest, and holds nothing back for it', async (ack) => {
    const seat = await api.open();
    await seat.send({ text: 'before' });
    const stream = await listen(app.url, seat, { lastAck: ack });
    await seat.send({ text: 'after' });
    await soon(() => expect(stream.texts()).toEqual(['after']));
    expect(stream.ended).toBe(false);
  });

  it('replays nothing of another room, whatever position is given for it', async () => {
    const [seat, other] = [await api.open(), await api.open()];
    await other.send({ text: 'not for you' });
    const { response, asked } = await askRaw(app.url, `${streamPath(seat.roomId)}&last_ack_${other.roomId}=0`, {
      headers: bearer(seat),
    });
    expect(response.statusCode).toBe(200);
    asked.destroy();
    const stream = await listen(app.url, seat, { lastAck: '0' });
    await seat.send({ text: 'mine' });
    await soon(() => expect(stream.texts()).toEqual(['mine']));
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    'answers %s as it answers a path that does not exist',
    async (method) => {
      const seat = await api.open();
      await expectRefusal(streamPath(seat.roomId), 'not_found', { method, headers: bearer(seat) });
      await expectRefusal(streamPath(seat.roomId).replace('?', '/?'), 'not_found', { headers: bearer(seat) });
    },
  );

  it('answers HEAD with the status alone', async () => {
    const seat = await api.open();
    const { response } = await askRaw(app.url, streamPath(seat.roomId), { method: 'HEAD', headers: bearer(seat) });
    expect(response.statusCode).toBe(404);
    expect(await readRaw(response)).toBe('');
  });

  it('is open to no other origin, cached by no one on the way, and not compressed even when that is requested', async () => {
    const seat = await api.open();
    const { headers } = await listen(app.url, seat, {
      headers: {
        origin: 'https://elsewhere.example',
        'accept-encoding': 'gzip, deflate, br',
        accept: 'text/event-stream',
      },
    });
    expect(headers).toMatchObject({ 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' });
    expect(headers['cache-control']).toMatch(/no-store/);
    expect(headers['cache-control']).toMatch(/no-transform/);
    expect(headers).not.toHaveProperty('content-encoding');
    expect(headers).not.toHaveProperty('set-cookie');
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});
