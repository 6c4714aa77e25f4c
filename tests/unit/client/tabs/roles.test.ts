import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFollower, type Follower } from '@/client/tabs/follower';
import { createLeader, type Leader } from '@/client/tabs/leader';
import type { FromLeader, TabMessage } from '@/client/tabs/messages';
import { createReading, type Reading } from '@/client/tabs/reading';
import { routeMessage } from '@/client/tabs/router';
import { FakePage, FakeServer } from '../fake-browser';

const after = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const settle = () => after(1);
const event = (id: string) => ({ id, event: 'chat.message', data: {} });
const bytes = (id: string, tip: string): FromLeader => ({ type: 'bytes', raw: JSON.stringify(event(id)), tip });

let page: FakePage;
let server: FakeServer;
let posted: TabMessage[];
/** All that the tab reports, in order. */
let reported: string[];
let reading: Reading;
let leader: Leader;
let follower: Follower;

beforeEach(() => {
  vi.useFakeTimers();
  page = new FakePage();
  server = new FakeServer();
  posted = [];
  reported = [];
  const post = (message: TabMessage) => posted.push(message);
  const onRefused = (status: number) => reported.push(`refused ${status}`);
  reading = createReading({
    onEvent: ({ id }) => reported.push(id),
    onState: (state) => reported.push(state),
    onAfresh: () => reported.push('missed something'),
  });
  leader = createLeader({ fetch: server.fetch, random: () => 0.5, page }, 'room', reading, post, onRefused);
  follower = createFollower(page, reading, post, onRefused, () => reported.push('takes over'));
  reading.follow('5-0');
});

afterEach(() => {
  leader.stepDown();
  follower.stop();
  vi.useRealTimers();
});

async function goLive() {
  await settle();
  server.last.answer();
  server.last.send({ type: 'connected' });
  await settle();
}

describe('the leader', () => {
  it('passes on the state of its line and all bytes, each with its position before them', async () => {
    leader.lead();
    await goLive();
    server.last.send(event('6-0'));
    server.last.send(event('7-0'));
    await settle();
    expect(posted).toEqual([
      { type: 'state', state: 'live', tip: '5-0' },
      { type: 'bytes', raw: '{"type":"connected"}', tip: '5-0' },
      bytes('6-0', '5-0'),
      bytes('7-0', '6-0'),
    ]);
    expect(reported).toEqual(['live', '6-0', '7-0']);
  });

  it('opens no line before the history has been read again', async () => {
    reading.compare('9-0');
    leader.lead();
    await after(60_000);
    expect(server.connections).toHaveLength(0);
    reading.follow('9-0');
    leader.resume();
    await settle();
    expect(server.last.url.searchParams.get('last_ack_room')).toBe('9-0');
  });

  it('reports a refusal to its followers, answers them meanwhile, and opens the line again when asked to resume', async () => {
    leader.lead();
    await settle();
    server.last.refuse(404, 'room_not_found');
    await settle();
    leader.hear({ type: 'hurry' });
    leader.hear({ type: 'hello' });
    await after(60_000);
    expect(posted).toEqual([
      { type: 'refused', status: 404 },
      { type: 'state', state: 'connecting', tip: '5-0' },
    ]);
    expect(server.connections).toHaveLength(1);
    leader.resume();
    await goLive();
    expect(reported).toEqual(['refused 404', 'live']);
  });

  it('has no line after it stepped down, whatever is asked of it', async () => {
    leader.lead();
    await goLive();
    leader.stepDown();
    leader.resume();
    await after(60_000);
    expect([server.last.signal.aborted, server.connections.length]).toEqual([true, 1]);
  });
});

describe('a follower', () => {
  it('takes events and states from the leader, and reports its refusals', () => {
    follower.hear({ type: 'state', state: 'live', tip: '5-0' });
    follower.hear(bytes('6-0', '5-0'));
    follower.hear({ type: 'refused', status: 401 });
    expect(reported).toEqual(['live', '6-0', 'refused 401']);
  });

  it('has missed something when the leader is ahead of it, and notices once', () => {
    follower.hear(bytes('8-0', '7-0'));
    follower.hear(bytes('10-0', '9-0'));
    expect(reported.filter((word) => word === 'missed something')).toHaveLength(1);
  });

  it.each([
    ['5 s after its greeting', 5_000, () => follower.greet()],
    ['30 s after the leader’s last word', 30_000, () => follower.hear(bytes('6-0', '5-0'))],
  ])('takes over %s', async (_when, ms, happen) => {
    happen();
    await after(ms - 1);
    expect(reported).not.toContain('takes over');
    await after(1);
    expect(reported).toContain('takes over');
  });

  it('leaves a silent leader alone while nobody looks at it, or after it has stopped', async () => {
    page.emit('hidden');
    follower.greet();
    await after(60_000);
    page.emit('visible');
    follower.greet();
    follower.stop();
    await after(60_000);
    expect(reported).toEqual([]);
  });
});

describe('the router', () => {
  const route = (message: TabMessage) =>
    routeMessage(message, leader, follower, ({ memberId, reason }) => reported.push(`${memberId} ${reason}`));

  it.each([false, true])('passes farewells to the tab itself, whether it leads or not: %s', (leads) => {
    if (leads) leader.lead();
    route({ type: 'farewell', farewell: { memberId: 'Ann', reason: 'left' } });
    expect(reported).toEqual(['Ann left']);
  });

  it('passes what others ask to the leader alone', () => {
    route({ type: 'hello' });
    expect(posted).toEqual([]);
    leader.lead();
    route({ type: 'hello' });
    expect(posted).toEqual([{ type: 'state', state: 'connecting', tip: '5-0' }]);
  });

  it('passes a leader’s words to a follower, and none to a leader that took over from it', () => {
    route(bytes('6-0', '5-0'));
    leader.lead();
    route(bytes('7-0', '6-0'));
    route({ type: 'refused', status: 404 });
    expect(reported).toEqual(['6-0']);
  });
});
