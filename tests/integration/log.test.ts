import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod/mini';
import { logError } from '@/server/log';
import { startApp } from '@tests/support/app';
import { ENDPOINTS, pathOf } from '@tests/support/endpoints';
import { textLike } from '@tests/support/matchers';
import { listenTo } from '@tests/support/room-stream';
import { roomsApi, SEALED_TEXT, UNKNOWN_ROOM } from '@tests/support/rooms';
import {
  cardOf,
  keyCheckOf,
  proofHashOf,
  proofOf,
  readEpochs,
  rekey,
  rekeyTo,
  newcomer,
  sealedRoom,
} from '@tests/support/sealed-rooms';
import { describeOnEveryStorage } from '@tests/support/storages';

const NAME = 'Ms Nobody-Knows-This';
const TEXT = 'a sentence that nobody but the members may read';
const ADDRESS = '198.51.100.77';

let written: string[] = [];
beforeEach(() => {
  written = [];
  const keep = (chunk: string | Uint8Array) => {
    written.push(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
    return true;
  };
  vi.spyOn(process.stderr, 'write').mockImplementation(keep);
  vi.spyOn(process.stdout, 'write').mockImplementation(keep);
  vi.spyOn(process, 'emitWarning').mockImplementation((warning) => void written.push(String(warning)));
  for (const method of ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const) {
    vi.spyOn(console, method).mockImplementation((...args: unknown[]) => void written.push(args.map(String).join(' ')));
  }
});
afterEach(() => {
  vi.restoreAllMocks();
});

const lineSchema = z.strictObject({
  time: z.iso.datetime(),
  level: z.enum(['info', 'warn', 'error']),
  event: z.string().check(z.regex(/^[a-z]+(\.[a-z_]+)+$/)),
  kind: z.string().check(z.regex(/^\w+$/)),
  at: z.string(),
});

/** Every line, after checking that it is JSON with known fields only. */
function lines(): string[] {
  vi.restoreAllMocks();
  const all = written
    .join('')
    .split('\n')
    .filter((line) => line !== '');
  for (const line of all) lineSchema.parse(JSON.parse(line));
  return all;
}

describeOnEveryStorage('the log of a busy run with faults', (current) => {
  it('is made of JSON lines that reveal no room, person or credential', async () => {
    const { storage, bridge, command } = current();
    const app = await startApp(storage, { rateLimits: true });
    const api = roomsApi(app, { address: ADDRESS });
    const owner = await api.open();
    const guest = await api.join(owner.roomId);
    const sealed = await api.open(sealedRoom());
    const change = rekeyTo(1, [sealed]);
    const { keyCheck, proofHash, previous, wraps } = change;
    const secrets: string[] = [
      NAME,
      TEXT,
      ADDRESS,
      keyCheckOf(0),
      proofOf(0),
      proofHashOf(0),
      cardOf(0, sealed.memberId),
    ];
    secrets.push(SEALED_TEXT, keyCheck, proofHash, previous, ...Object.values(wraps), UNKNOWN_ROOM);
    for (const { roomId, memberId, token } of [owner, guest, sealed]) secrets.push(roomId, memberId, token);
    const [joining, moving] = [newcomer(), newcomer()];
    secrets.push(joining.memberId, joining.card, moving.memberId, moving.card, proofOf(0, 'wrong'));
    const stream = await listenTo(app.url, guest);
    const sealedGuest = await api.join(sealed.roomId, joining);
    expect((await sealedGuest.join(moving)).status).toBe(200);
    await api.ask('POST', `/api/room/join?roomId=${sealed.roomId}`, {
      json: { ...joining, proof: proofOf(0, 'wrong') },
    });
    await sealedGuest.present(TEXT);
    await sealedGuest.leave();

    await sealed.send({ sender: undefined, text: SEALED_TEXT });
    expect((await rekey(api, sealed, rekeyTo(1, []))).status).toBe(409);
    expect((await rekey(api, sealed, change)).status).toBe(200);
    expect((await readEpochs(api, sealed)).status).toBe(200);
    await sealed.send({ sender: undefined, text: SEALED_TEXT });
    await rekey(api, sealed, { ...change, previous: TEXT });
    await owner.rename(NAME);
    await owner.send({ sender: NAME, text: TEXT });
    await owner.send({ sender: NAME, text: TEXT.repeat(100) });
    for (const endpoint of ENDPOINTS) {
      for (const token of [guest.token, 'x', undefined]) {
        const path = pathOf(endpoint, UNKNOWN_ROOM, owner.memberId);
        const json = endpoint.json && { ...endpoint.json, text: TEXT, sender: NAME };
        await api.ask(endpoint.method, path, { json, token, headers: { 'x-forwarded-for': ADDRESS } });
      }
    }
    const broken = { body: `{"text":"${TEXT}`, headers: { 'content-type': 'application/json' }, token: owner.token };
    await api.ask('POST', `/api/messages?roomId=${owner.roomId}`, broken);

    // Faults of the storage: refused, cut off, of an unforeseen type, and gone.
    await current().breakSubscriptions();
    bridge?.refuse(4, 500, JSON.stringify({ error: `ERR ${TEXT}` }));
    for (let count = 0; count < 4; count += 1) await owner.send({ sender: NAME, text: TEXT });
    bridge?.refuse(0);
    bridge?.dropNextResponses(3);
    await owner.send({ sender: NAME, text: TEXT });
    await command('DEL', `room:{${owner.roomId}}:members`);
    await command('SET', `room:{${owner.roomId}}:members`, TEXT);
    for (const answer of [await owner.members(), await owner.rename(NAME), await owner.leave(), await owner.look()]) {
      expect(answer.status).toBe(500);
      expect(JSON.stringify(answer.body)).not.toContain('WRONGTYPE');
    }
    await owner.destroy();
    stream.close();
    await app.close();

    const log = lines();
    expect(log.length).toBeGreaterThanOrEqual(4);
    const forms = ['base64', 'base64url', 'hex'] as const;
    const hashes = secrets.flatMap((secret) => forms.map((form) => Buffer.from(secret).toString(form).slice(0, 30)));
    for (const line of log) {
      for (const trace of [...secrets, ...hashes, ...secrets.map(encodeURIComponent), 'EVALSHA', 'room:{'])
        expect(line).not.toContain(trace);
    }
  });
});

describe('an unexpected error', () => {
  it.each([
    ['in its message', new Error(TEXT)],
    ['in a message that looks like a stack', new Error(`first\n    at ${TEXT} (file.ts:1:1)\n    at other`)],
    ['in its cause', new Error('outer', { cause: new Error(TEXT) })],
    ['as the thing that was thrown', TEXT],
    ['in its name', Object.assign(new Error('x'), { name: TEXT })],
  ])('leaves out people’s words %s', (_, error) => {
    logError('request.failed', error);
    const log = lines();
    expect(log).toHaveLength(1);
    expect(log[0]).not.toContain(TEXT);
  });

  it('says where it came from', () => {
    logError('request.failed', new TypeError(TEXT));
    const line = { level: 'error', event: 'request.failed', kind: 'TypeError', at: textLike(/log\.test\.ts/) };
    expect(JSON.parse(lines()[0] ?? '')).toMatchObject(line);
  });
});
