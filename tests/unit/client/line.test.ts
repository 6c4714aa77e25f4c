import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openWire, PAGE_RETRY, type Wire, type WireState } from '@/client/line';
import { backoffMs } from '@/lib/retry';
import { FakePage, FakeServer } from './fake-browser';

let server: FakeServer;
let page: FakePage;
let states: WireState[];
let messages: unknown[];
let refusals: number[];
let wire: Wire;
/** The random part of every wait. */
let random: number;

/** A timer of 0 ms that is set while timers run is due a millisecond later. */
const settle = () => vi.advanceTimersByTimeAsync(1);
const after = (ms: number) => vi.advanceTimersByTimeAsync(ms);

async function goLive() {
  await settle();
  server.last.answer();
  server.last.send({ type: 'connected', channel: 'room', cursor: '1-0' });
  await settle();
}

beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeServer();
  page = new FakePage();
  states = [];
  messages = [];
  refusals = [];
  random = 0.5;
  wire = openWire(
    { fetch: server.fetch, random: () => random, page },
    () => `/api/realtime?attempt=${server.connections.length}`,
    {
      onMessage: (message) => messages.push(message),
      onState: (state) => states.push(state),
      onRefused: (status) => refusals.push(status),
    },
  );
});

afterEach(() => {
  wire.close();
  vi.useRealTimers();
});

describe('the event stream', () => {
  it('is live once the server says that it is connected, not when it answers', async () => {
    await settle();
    server.last.answer();
    await settle();
    expect(states).toEqual([]);
    server.last.send({ type: 'connected', cursor: '1-0' });
    await settle();
    expect(states).toEqual(['live']);
  });

  it('gives every message whole, however the bytes were cut', async () => {
    await goLive();
    const bytes = `data: {"id":"2-0","event":"chat.message","data":{"text":"🦦"}}\n\n`;
    server.last.write(bytes.slice(0, 20));
    await settle();
    server.last.write(bytes.slice(20));
    await settle();
    expect(messages.at(-1)).toEqual({ id: '2-0', event: 'chat.message', data: { text: '🦦' } });
  });

  it('skips anything that is not JSON', async () => {
    await goLive();
    server.last.write('data: {"id":\n\n');
    server.last.send({ type: 'ping', timestamp: 1 });
    await settle();
    expect(messages.at(-1)).toEqual({ type: 'ping', timestamp: 1 });
  });

  it.each([
    [401, 'not_a_member'],
    [403, 'cross_origin'],
    [404, 'room_not_found'],
  ])('stops for good when our server says %i %s, and reports it', async (status, code) => {
    await settle();
    server.last.refuse(status, code);
    await after(600_000);
    page.emit('online');
    await after(600_000);
    expect(refusals).toEqual([status]);
    expect(server.connections).toHaveLength(1);
  });

  it.each<[string, () => void]>([
    ['a proxy’s page for 401', () => server.last.answer(401)],
    ['a proxy’s page for 403', () => server.last.answer(403)],
    ['a proxy’s page for 404', () => server.last.answer(404)],
    ['a proxy’s page for 502', () => server.last.answer(502)],
    ['an empty 403', () => server.last.answer(403, '', '')],
    ['another server’s problem document', () => server.last.refuse(404, 'route_not_found')],
    ['JSON that is not a problem document', () => server.last.refuse(404, 'room_not_found', 'application/json')],
    ['a code of ours under a status that is not its own', () => server.last.refuse(401, 'room_not_found')],
    ['a problem document that is cut off', () => server.last.answer(404, 'application/problem+json', '{"code":"room_')],
    ['a problem document that says nothing', () => server.last.answer(404, 'application/problem+json', 'null')],
    ['a refusal of ours that passes', () => server.last.refuse(429, 'rate_limited')],
    ['a storage that is away', () => server.last.refuse(503, 'storage_unavailable')],
    ['a page where a stream should be', () => server.last.answer(200, 'text/html', '<h1>Back soon</h1>')],
  ])('comes back after %s, however long it lasts', async (_what, answer) => {
    await goLive();
    server.last.end();
    for (let attempt = 1; attempt < 10; attempt += 1) {
      await after(10_000);
      expect(server.connections).toHaveLength(attempt + 1);
      answer();
    }
    await after(10_000);
    await goLive();
    expect([refusals, states.at(-1)]).toEqual([[], 'live']);
  });

  it('comes back when the stream ends, asking for the newest address', async () => {
    await goLive();
    server.last.end();
    await after(250);
    expect(states).toEqual(['live', 'reconnecting']);
    expect(server.last.url.search).toBe('?attempt=1');
  });

  it('counts as dead after 30 s of silence, and not before', async () => {
    await goLive();
    await after(20_000);
    server.last.send({ type: 'ping', timestamp: 1 });
    await after(29_999);
    expect(states).toEqual(['live']);
    const dead = server.last;
    await after(1);
    expect(states).toEqual(['live', 'reconnecting']);
    expect(dead.signal.aborted).toBe(true);
  });

  it('gives up an attempt that is not answered within 30 s', async () => {
    await settle();
    await after(30_000 + 250);
    expect(server.connections).toHaveLength(2);
  });

  it('waits twice as long each time, up to 20 s, while nobody answers', async () => {
    await settle();
    const waits: number[] = [];
    for (let attempt = 0; attempt < 8; attempt += 1) {
      const { length } = server.connections;
      server.last.fail();
      let waited = 0;
      for (; server.connections.length === length; waited += 50) await after(50);
      waits.push(waited);
    }
    expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  });

  it('waits longer each time too while streams are accepted and cut at once', async () => {
    await goLive();
    server.last.end();
    await after(250);
    await goLive();
    server.last.end();
    await after(250);
    expect(server.connections).toHaveLength(2);
    await after(250);
    expect(server.connections).toHaveLength(3);
  });

  it.each([0.001, 0.5, 0.999])(
    'is renewed invisibly, at its own moment within 5 s, when the server asks for it: %d',
    async (moment) => {
      await goLive();
      await after(10_000);
      random = moment;
      server.last.send({ type: 'reconnect', timestamp: 1 });
      server.last.end();
      await after(moment * 5_000 - 2);
      expect(server.connections).toHaveLength(1);
      await after(4);
      expect(server.connections).toHaveLength(2);
      await after(4_000);
      await goLive();
      expect(states).toEqual(['live', 'live']);
    },
  );

  it.each<[string, () => void]>([
    ['fails', () => server.last.fail()],
    ['is answered by a proxy', () => server.last.answer(404)],
    ['takes longer than 5 s', () => undefined],
  ])('says that it reconnects when a renewal %s', async (_what, happen) => {
    random = 0;
    await goLive();
    await after(10_000);
    server.last.send({ type: 'reconnect', timestamp: 1 });
    await settle();
    happen();
    await after(5_000);
    expect(states.slice(0, 2)).toEqual(['live', 'reconnecting']);
    await goLive();
    expect(states.at(-1)).toBe('live');
  });

  it.each<[string, () => void]>([
    ['somebody waits for news', () => wire.hurry()],
    ['the page is looked at again', () => page.emit('visible')],
    ['the network is another one', () => page.emit('online')],
  ])('is renewed at once when %s', async (_what, happen) => {
    random = 0.999;
    await goLive();
    await after(10_000);
    server.last.send({ type: 'reconnect', timestamp: 1 });
    await settle();
    happen();
    await settle();
    expect(server.connections).toHaveLength(2);
    happen();
    await goLive();
    expect([server.connections.length, states]).toEqual([2, ['live', 'live']]);
  });

  it('leaves a stream alone that needs no renewal, however often it is asked to hurry', async () => {
    await goLive();
    wire.hurry();
    await after(10_000);
    wire.hurry();
    server.last.end();
    await settle();
    wire.hurry();
    await settle();
    expect(server.connections).toHaveLength(1);
  });

  it('does not spin when the server asks for it over and over', async () => {
    for (let round = 0; round < 20; round += 1) {
      if (server.connections.length === 0 || !server.last.signal.aborted) {
        await goLive();
        server.last.send({ type: 'reconnect', timestamp: 1 });
      }
      await after(100);
    }
    expect(server.connections.length).toBeLessThan(6);
  });

  it.each(['online', 'visible', 'restored'] as const)('retries at once on %s', async (signal) => {
    random = 0.999;
    await settle();
    for (let attempt = 0; attempt < 6; attempt += 1) {
      server.last.fail();
      await after(20_000);
    }
    server.last.fail();
    await after(2_000);
    const { length } = server.connections;
    page.emit(signal);
    await settle();
    expect(server.connections).toHaveLength(length + 1);
  });

  it('leaves an attempt alone that has only just begun, and retries at once when it has failed', async () => {
    await settle();
    server.last.fail();
    await after(250);
    page.emit('online');
    await after(10);
    expect(server.connections).toHaveLength(2);
    server.last.fail();
    await after(10);
    page.emit('online');
    await after(10);
    expect(server.connections).toHaveLength(3);
  });

  it('leaves a live stream alone when the page is looked at again', async () => {
    await goLive();
    await after(10_000);
    page.emit('visible');
    await settle();
    expect(server.connections).toHaveLength(1);
  });

  it('does not wait for the watchdog when the page was asleep', async () => {
    await goLive();
    vi.setSystemTime(Date.now() + 3_600_000);
    page.emit('visible');
    await settle();
    expect(server.connections).toHaveLength(2);
  });

  it('is offline as soon as the browser says so, and live as soon as it is back', async () => {
    await goLive();
    page.emit('offline');
    expect(states.at(-1)).toBe('offline');
    await settle();
    server.last.fail();
    await after(5_000);
    page.emit('online');
    await goLive();
    expect(states.at(-1)).toBe('live');
  });

  it('is live without a network where the server is on the same machine', async () => {
    page.emit('offline');
    await goLive();
    expect(states.at(-1)).toBe('live');
  });

  it('says nothing more after it was closed', async () => {
    await goLive();
    const { last } = server;
    wire.close();
    expect(last.signal.aborted).toBe(true);
    await after(600_000);
    expect(states).toEqual(['live']);
    expect(server.connections).toHaveLength(1);
  });
});

describe('the wait before a retry', () => {
  it('is any part of 0.5 s at first and of 20 s at last', () => {
    expect(backoffMs(0, PAGE_RETRY, () => 0)).toBe(0);
    expect(backoffMs(0, PAGE_RETRY, () => 0.999)).toBeCloseTo(499.5);
    expect(backoffMs(50, PAGE_RETRY, () => 0.999)).toBeCloseTo(19_980);
  });
});
