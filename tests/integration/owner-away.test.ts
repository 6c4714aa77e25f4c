import { expect, it } from 'vitest';
import type { RoomId } from '@/domain/room';
import { hashToken } from '@/server/auth/tokens';
import { OWNER_AWAY } from '@/server/storage/lua/owner-away';
import { roomScript } from '@/server/storage/lua/room';
import { authorizeStream, reportPresence } from '@/server/storage/presence';
import { startApp } from '@tests/support/app';
import { clockedStorage } from '@tests/support/clocked-storage';
import { roomsApi, type Seat } from '@tests/support/rooms';

const LEASE_MS = 34_000;
const awayScript = roomScript({ parts: [OWNER_AWAY], args: {}, body: `return {'ok', digits(owner_away_ms())}` });

async function begin() {
  const { storage, clock } = clockedStorage();
  const app = await startApp(storage);
  const api = roomsApi(app);
  return {
    api,
    wait: (ms: number) => (clock.ms += ms),
    awayMs: async (roomId: RoomId) => Number((await awayScript.run(storage.redis, { roomId }))[1]),
    listens: ({ roomId, token }: Seat, processId: string) =>
      authorizeStream(storage.redis, {
        roomId,
        tokenHash: hashToken(token),
        processId,
        leaseMs: LEASE_MS,
        gapMs: 0,
        wantsHere: false,
        refusedMs: 0,
      }),
    report: (
      roomId: RoomId,
      processId: string,
      { here = [], away = [], leaseMs = LEASE_MS }: { here?: Seat[]; away?: Seat[]; leaseMs?: number },
    ) =>
      reportPresence(storage.redis, {
        roomId,
        processId,
        leaseMs,
        gapMs: 0,
        knownTurn: 0,
        here: here.map(({ memberId }) => memberId),
        away: away.map(({ memberId }) => memberId),
      }),
  };
}

it('an owner without a stream since sitting down is away since then', async () => {
  const { api, wait, awayMs } = await begin();
  const owner = await api.open();
  wait(5_000);
  await owner.send();
  expect(await awayMs(owner.roomId)).toBe(5_000);
});

it('an owner with a stream is not away, nor for as long as another process holds one', async () => {
  const { api, wait, awayMs, listens, report } = await begin();
  const owner = await api.open();
  const { roomId } = owner;
  wait(10_000);
  await listens(owner, 'one');
  await listens(owner, 'two');
  expect(await awayMs(roomId)).toBe(0);
  wait(20_000);
  await report(roomId, 'one', { here: [owner] });
  await report(roomId, 'two', { away: [owner] });
  wait(LEASE_MS - 1);
  expect(await awayMs(roomId)).toBe(0);
  await report(roomId, 'one', { away: [owner] });
  wait(7_000);
  expect(await awayMs(roomId)).toBe(7_000);
  await listens(owner, 'two');
  expect(await awayMs(roomId)).toBe(0);
});

it('the owner of a process that died is away from the end of its lease, whoever looks first', async () => {
  const { api, wait, awayMs, listens, report } = await begin();
  const owner = await api.open();
  const guest = await api.join(owner.roomId);
  await listens(owner, 'dead');
  wait(LEASE_MS + 3_000);
  expect(await awayMs(owner.roomId)).toBe(3_000);
  await report(owner.roomId, 'other', { here: [guest] });
  wait(1_000);
  expect(await awayMs(owner.roomId)).toBe(4_000);
});

it('a process that stops shortens its lease', async () => {
  const { api, wait, awayMs, listens, report } = await begin();
  const owner = await api.open();
  await listens(owner, 'one');
  await report(owner.roomId, 'one', { here: [owner], leaseMs: 15_000 });
  wait(16_000);
  expect(await awayMs(owner.roomId)).toBe(1_000);
});

it('an heir is away since they were: with a stream not at all, else since their own was last heard of', async () => {
  const { api, wait, awayMs, listens, report } = await begin();
  const owner = await api.open();
  const [first, second] = [await api.join(owner.roomId), await api.join(owner.roomId)];
  await listens(first, 'one');
  await report(owner.roomId, 'one', { away: [first] });
  await listens(second, 'one');
  wait(30_000);
  await owner.leave();
  expect(await awayMs(owner.roomId)).toBe(30_000);
  await first.leave();
  expect(await awayMs(owner.roomId)).toBe(0);
});
