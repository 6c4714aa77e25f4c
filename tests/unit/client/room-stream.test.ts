import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openEventStream, type EventStream, type StreamEnvironment } from '@/client/room-stream';
import { FakeBrowser, FakePage, FakeServer } from './fake-browser';

const ROOM = 'Aa0Bb1Cc2Dd3Ee4Ff5Gg6H';

/** One tab in the room, and all that its stream reported. */
interface Tab {
  readonly stream: EventStream;
  readonly page: FakePage;
  readonly server: FakeServer;
  readonly ids: string[];
  readonly reported: string[];
  /** How many streams have begun. */
  readonly begun: () => number;
}

let browser: FakeBrowser;
let tabs: Tab[];

/** A timer of 0 ms that is set while timers run is due a millisecond later. */
const settle = () => vi.advanceTimersByTimeAsync(1);
const after = (ms: number) => vi.advanceTimersByTimeAsync(ms);

function openTab(
  cursor: string,
  environment: Partial<StreamEnvironment> = browser,
  onFarewell: (stream: EventStream) => void = () => undefined,
): Tab {
  const page = new FakePage();
  const server = new FakeServer();
  const ids: string[] = [];
  const reported: string[] = [];
  let begun = 0;
  const { locks, openChannel } = environment;
  const stream = openEventStream({ fetch: server.fetch, random: () => 0.5, page, locks, openChannel }, ROOM, {
    onEvent: ({ id }) => ids.push(id),
    onState: (state) => reported.push(state),
    onBegun: () => (begun += 1),
    onAfresh: () => reported.push('afresh'),
    onRefused: (status) => reported.push(`refused ${status}`),
    onFarewell: (farewell) => {
      reported.push(`farewell of ${farewell.memberId}: ${farewell.reason}`);
      onFarewell(stream);
    },
  });
  stream.follow(cursor);
  const tab = { stream, page, server, ids, reported, begun: () => begun };
  tabs.push(tab);
  return tab;
}

const message = (id: string) => ({ id, event: 'chat.message', channel: ROOM, data: {} });

async function goLive({ server }: Tab) {
  await settle();
  server.last.answer();
  server.last.send({ type: 'connected', channel: ROOM, cursor: '0-0' });
  await settle();
}

/** A live tab, and a second one that follows it. */
async function openTwo(): Promise<[Tab, Tab]> {
  const first = openTab('5-0');
  await goLive(first);
  const second = openTab('5-0');
  await settle();
  return [first, second];
}

beforeEach(() => {
  vi.useFakeTimers();
  browser = new FakeBrowser();
  tabs = [];
});

afterEach(() => {
  for (const { stream } of tabs) stream.close();
  vi.useRealTimers();
});

describe('a tab alone', () => {
  it('asks for what follows its cursor', async () => {
    const tab = openTab('5-2');
    await settle();
    expect(tab.server.last.url.href).toBe(`http://localhost/api/realtime?channel=${ROOM}&last_ack_${ROOM}=5-2`);
  });

  it('takes each event once, whatever the wire repeats', async () => {
    const tab = openTab('5-0');
    await goLive(tab);
    for (const id of ['4-0', '5-0', '6-0', '6-0', '7-0', '6-0']) tab.server.last.send(message(id));
    await settle();
    expect(tab.ids).toEqual(['6-0', '7-0']);
  });

  it('takes an older event that arrives late, also when it arrives while the tab is away', async () => {
    const tab = openTab('5000-0');
    await goLive(tab);
    for (const id of ['9001-0', '9500-2', '9000-0']) tab.server.last.send(message(id));
    await settle();
    tab.server.last.end();
    await after(250);
    // A moment before the newest: an event that arrives twice is taken once.
    expect(tab.server.last.url.searchParams.get(`last_ack_${ROOM}`)).toBe('8500-0');
    await goLive(tab);
    for (const id of ['9000-0', '9001-0', '9499-0', '9500-2', '9501-0']) tab.server.last.send(message(id));
    await settle();
    expect(tab.ids).toEqual(['9001-0', '9500-2', '9000-0', '9499-0', '9501-0']);
  });

  it('asks for nothing that is in the history', async () => {
    const tab = openTab('5000-7');
    await goLive(tab);
    tab.server.last.send(message('5100-0'));
    await settle();
    tab.server.last.end();
    await after(250);
    expect(tab.server.last.url.searchParams.get(`last_ack_${ROOM}`)).toBe('5000-7');
  });

  it('takes a published-only event each time, though it repeats an id', async () => {
    const tab = openTab('5-0');
    await goLive(tab);
    tab.server.last.send(message('6-0'));
    for (const event of ['presence.changed', 'presence.changed', 'chat.destroy']) {
      tab.server.last.send({ id: '6-0', event, channel: ROOM, data: {} });
    }
    await settle();
    expect(tab.ids).toEqual(['6-0', '6-0', '6-0', '6-0']);
  });

  it('reads the history again when its cursor cannot be served, and continues from there', async () => {
    const tab = openTab('5-0');
    await goLive(tab);
    tab.server.last.send({ type: 'error', error: 'read_afresh' });
    await settle();
    expect(tab.reported).toEqual(['live', 'afresh']);
    expect(tab.server.last.signal.aborted).toBe(true);
    tab.stream.follow('3-0');
    await settle();
    expect(tab.server.last.url.searchParams.get(`last_ack_${ROOM}`)).toBe('3-0');
  });

  it('hears the next message after a proxy has said 404 for a while', async () => {
    const tab = openTab('5-0');
    await goLive(tab);
    tab.server.last.end();
    for (let answers = 0; answers < 5; answers += 1) {
      await after(10_000);
      tab.server.last.answer(404);
    }
    await after(10_000);
    await goLive(tab);
    tab.server.last.send(message('6-0'));
    await settle();
    expect(tab.ids).toEqual(['6-0']);
    expect(tab.reported).toEqual(['live', 'reconnecting', 'live']);
  });

  it('opens its stream again when it was refused but is to follow all the same, and says meanwhile that it is not live', async () => {
    const tab = openTab('5-0');
    await goLive(tab);
    tab.server.last.send({ type: 'reconnect', timestamp: 1 });
    await after(2_500);
    tab.server.last.refuse(404, 'room_not_found');
    await after(600_000);
    expect(tab.reported).toEqual(['live', 'reconnecting', 'refused 404']);
    expect(tab.server.connections).toHaveLength(2);
    tab.stream.follow('5-0');
    await goLive(tab);
    tab.server.last.send(message('6-0'));
    await settle();
    expect([tab.ids, tab.reported.at(-1)]).toEqual([['6-0'], 'live']);
  });

  it('has a stream of its own where the browser cannot share one', async () => {
    const alone = [openTab('5-0', {}), openTab('5-0', { locks: browser.locks })];
    await settle();
    for (const tab of alone) expect(tab.server.connections).toHaveLength(1);
  });

  it('releases everything when it enters the back/forward cache, and continues from where it was', async () => {
    const tab = openTab('5-0');
    await goLive(tab);
    tab.server.last.send(message('6-0'));
    await settle();
    tab.page.emit('left');
    expect(tab.server.last.signal.aborted).toBe(true);
    await after(600_000);
    expect(tab.server.connections).toHaveLength(1);
    tab.page.emit('restored');
    await settle();
    expect(tab.server.last.url.searchParams.get(`last_ack_${ROOM}`)).toBe('5-0');
  });
});

describe('tabs of one browser', () => {
  it('share one connection, and all of them are live', async () => {
    const [first, second] = await openTwo();
    first.server.last.send(message('6-0'));
    await settle();
    expect(second.server.connections).toHaveLength(0);
    expect(second.reported).toEqual(['live']);
    expect([first.ids, second.ids]).toEqual([['6-0'], ['6-0']]);
  });

  it('share nothing but the bytes of the wire, positions and states', async () => {
    const [first] = await openTwo();
    first.server.last.send(message('6-0'));
    await settle();
    const kinds = new Set(browser.posted.map(({ type, ...data }) => [type, ...Object.keys(data).sort()].join(' ')));
    expect([...kinds].sort()).toEqual(['bytes raw tip', 'hello', 'state state tip']);
  });

  it('continue without a gap when the one with the stream is closed', async () => {
    const [first, second] = await openTwo();
    first.server.last.send(message('6-0'));
    await settle();
    first.stream.close();
    await goLive(second);
    expect(second.server.last.url.searchParams.get(`last_ack_${ROOM}`)).toBe('5-0');
    for (const id of ['6-0', '7-0']) second.server.last.send(message(id));
    await settle();
    expect(second.ids).toEqual(['6-0', '7-0']);
  });

  it('learn when the stream is down and when it is back', async () => {
    const [first, second] = await openTwo();
    first.server.last.end();
    await after(250);
    await goLive(first);
    expect(second.reported).toEqual(['live', 'reconnecting', 'live']);
  });

  it('learn when the stream was refused', async () => {
    const [first, second] = await openTwo();
    first.server.last.end();
    await after(250);
    first.server.last.refuse(404, 'room_not_found');
    await settle();
    expect([first.reported.at(-1), second.reported.at(-1)]).toEqual(['refused 404', 'refused 404']);
  });

  it('all hear events again when room and seat exist although the stream was refused', async () => {
    const [first, second] = await openTwo();
    first.server.last.end();
    await after(250);
    first.server.last.refuse(404, 'room_not_found');
    await settle();
    // The one that does not lead is the first to find out.
    second.stream.follow('5-0');
    await after(600);
    expect(first.server.connections).toHaveLength(2);
    const third = openTab('5-0');
    await settle();
    first.stream.follow('5-0');
    await goLive(first);
    first.server.last.send(message('6-0'));
    await settle();
    for (const tab of [first, second, third]) {
      expect(tab.ids).toEqual(['6-0']);
      expect(tab.reported.at(-1)).toBe('live');
    }
    expect([second, third].flatMap(({ server }) => server.connections)).toEqual([]);
  });

  it('hear events again from another one when the refused one is closed before it finds out', async () => {
    const [first, second] = await openTwo();
    first.server.last.end();
    await after(250);
    first.server.last.refuse(401, 'not_a_member');
    await settle();
    first.stream.close();
    await goLive(second);
    second.server.last.send(message('6-0'));
    await settle();
    expect([second.ids, second.reported.at(-1)]).toEqual([['6-0'], 'live']);
  });

  it('are renewed together and invisibly, and at once when somebody writes in any of them', async () => {
    const [first, second] = await openTwo();
    await after(10_000);
    const renew = async () => {
      first.server.last.send({ type: 'reconnect', timestamp: 1 });
      first.server.last.end();
      await settle();
    };
    await renew();
    second.stream.hurry();
    await settle();
    expect(first.server.connections).toHaveLength(2);
    await goLive(first);
    await after(10_000);
    await renew();
    await after(2_500);
    expect(first.server.connections).toHaveLength(3);
    await goLive(first);
    first.server.last.send(message('6-0'));
    await settle();
    expect([first.reported, second.reported]).toEqual([['live'], ['live']]);
    expect([first.ids, second.ids]).toEqual([['6-0'], ['6-0']]);
    // Each of them may have missed something that is stored nowhere.
    expect([first.begun(), second.begun()]).toEqual([3, 2]);
  });

  it('are renewed at once when one of them is looked at again', async () => {
    const [first, second] = await openTwo();
    await after(10_000);
    first.server.last.send({ type: 'reconnect', timestamp: 1 });
    await settle();
    second.page.emit('visible');
    await settle();
    expect(first.server.connections).toHaveLength(2);
  });

  it('learn that the line is live when they come back from the back/forward cache', async () => {
    const [first, second] = await openTwo();
    second.page.emit('left');
    second.page.emit('restored');
    await settle();
    expect(second.reported).toEqual(['live', 'reconnecting', 'live']);
    expect([first.reported, second.server.connections]).toEqual([['live'], []]);
  });

  it('hear how the visit ended in one of them', async () => {
    const [first, second] = await openTwo();
    first.stream.close({ memberId: 'Member0123456789', reason: 'left' });
    await settle();
    expect(second.reported).toContain('farewell of Member0123456789: left');
  });

  it('never take the lead after such a farewell has ended them', async () => {
    const [first] = await openTwo();
    const third = openTab('5-0', browser, (stream) => stream.close());
    await settle();
    first.stream.close({ memberId: 'Member0123456789', reason: 'left' });
    await after(600_000);
    expect(third.server.connections).toHaveLength(0);
  });

  it('read the history again when they arrive behind the stream, once', async () => {
    const first = openTab('5-0');
    await goLive(first);
    first.server.last.send(message('6-0'));
    await settle();
    const late = openTab('5-0');
    await settle();
    expect(late.reported).toEqual(['afresh', 'live']);
    late.stream.follow('5-0');
    first.server.last.send(message('7-0'));
    await settle();
    expect(late.reported).toEqual(['afresh', 'live']);
    expect(late.ids).toEqual(['7-0']);
  });

  it('all read the history again when the server cannot serve the position', async () => {
    const [first, second] = await openTwo();
    first.server.last.send({ type: 'error', error: 'read_afresh' });
    await settle();
    expect([first.reported.at(-1), second.reported.at(-1)]).toEqual(['afresh', 'afresh']);
  });
});

describe('a frozen leader', () => {
  it('loses the lead to a tab that is looked at and hears nothing for 30 s', async () => {
    const [, follower] = await openTwo();
    browser.freeze(0);
    await after(29_999);
    expect(follower.server.connections).toHaveLength(0);
    await after(1);
    await goLive(follower);
    expect(follower.reported.at(-1)).toBe('live');
  });

  it('keeps the lead while nobody looks at the follower, until somebody does and no answer comes', async () => {
    const [, follower] = await openTwo();
    browser.freeze(0);
    follower.page.emit('hidden');
    await after(600_000);
    expect(follower.server.connections).toHaveLength(0);
    follower.page.emit('visible');
    await after(5_001);
    expect(follower.server.connections).toHaveLength(1);
  });

  it('steps down when it thaws, and has missed nothing', async () => {
    const [leader, follower] = await openTwo();
    const { thaw } = browser.freeze(0);
    await after(30_000);
    await goLive(follower);
    follower.server.last.send(message('6-0'));
    await settle();
    thaw();
    await settle();
    expect(leader.server.last.signal.aborted).toBe(true);
    expect(leader.ids).toEqual(['6-0']);
    expect(leader.reported.at(-1)).toBe('live');
  });

  it('does not keep a tab waiting that has just been opened', async () => {
    await openTwo();
    browser.freeze(0);
    const third = openTab('5-0');
    await after(5_001);
    expect(third.server.connections).toHaveLength(1);
  });
});
