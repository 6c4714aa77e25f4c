import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { eventually } from '@tests/support/eventually';
import { SealedRoom } from '@tests/support/sealed-room';
import type { Asked } from '@tests/unit/session/fake-files';
import { bytesOf, fileOf, isContent, loaded, ready, send, shared, SIZE, untilState } from './scene';

let sealed: SealedRoom;
let late = 0;

beforeEach(async () => {
  sealed = await SealedRoom.open({ owner: 'other' });
  late = 0;
  const { now } = Date;
  vi.spyOn(Date, 'now').mockImplementation(() => now() + late);
});
afterEach(() => {
  sealed.close();
  vi.restoreAllMocks();
  expect(sealed.faults).toEqual([]);
});

const opened = () => ready(sealed.openSession());
/** As a proxy answers that takes no such bodies, or no such method. */
const page = (status: number) =>
  new Response('<html><h1>Too large</h1></html>', { status, headers: { 'content-type': 'text/html' } });
const refuse = (status: number, isIt: (asked: Asked) => boolean) => {
  sealed.room.files.standIn = (asked) => (isIt(asked) ? page(status) : null);
};

describe.each([413, 405])('a piece that something on the way answers with %i', (status) => {
  it('fails after half a minute on a live line, lets the next file go, and may be tried again', async () => {
    const session = await opened();
    await send(session, fileOf(), 'large.bin');
    const [large] = session.files.uploads.get();
    if (large === undefined) throw new Error('nothing is sent');
    refuse(status, ({ method, fileId }) => method === 'PUT' && fileId === large.fileId);
    await untilState(session, 'waiting');
    await send(session, fileOf(10, 2), 'small.bin');
    late = 31_000;
    expect((await shared(session)).name).toBe('small.bin');
    expect(session.files.uploads.get()[0]?.state).toEqual({ kind: 'failed', reason: 'unreachable' });
    sealed.room.files.standIn = () => null;
    session.files.resume(large.fileId);
    await eventually(async () => expect((await shared(session)).name).toBe('large.bin'));
  });
});

it('a piece waits on while the line is down, however long', async () => {
  const session = await opened();
  refuse(502, ({ method }) => method === 'PUT');
  await send(session);
  await untilState(session, 'waiting');
  sealed.room.setLine('reconnecting');
  late = 60_000;
  const asked = sealed.room.files.times('PUT');
  await eventually(() => expect(sealed.room.files.times('PUT')).toBeGreaterThan(asked + 2));
  await untilState(session, 'waiting');
  sealed.room.files.standIn = () => null;
  sealed.room.setLine('live');
  await shared(session);
});

it('a file that is not let through to us fails, too, and may be asked for again', async () => {
  const session = await opened();
  await send(session);
  const file = await shared(session);
  refuse(403, ({ method, index }) => method === 'GET' && index === 1);
  session.files.load(file);
  const store = session.files.downloadOf(file);
  await eventually(() => expect(store.get()).toMatchObject({ state: 'loading', isWaiting: true }));
  late = 31_000;
  await eventually(() => expect(store.get()).toEqual({ state: 'failed', reason: 'unreachable' }));
  sealed.room.files.standIn = () => null;
  expect(await isContent(await loaded(session, file), bytesOf(SIZE))).toBe(true);
});
