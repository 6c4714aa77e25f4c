import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openEventStream } from '@/client/room-stream';
import type { Connection } from '@/session/room-session';
import { createRunningSession, type RunningSession } from '@/session/running-session';
import { FakePage } from '@tests/unit/client/fake-browser';
import { FakeRoom, OTHER, problemDocument, ROOM_ID } from './fake-room';
import { browserOf, visitOf } from './fake-visit';

/** Whole sessions over the browser's own stream; the network alone is made up. */

const after = (ms: number) => vi.advanceTimersByTimeAsync(ms);

let room: FakeRoom;
let stops: (() => void)[];

/** Numbers that are spread as evenly as random ones are on the whole, the same in every run. */
function evenly(seed: number): () => number {
  let count = seed;
  return () => (count += 0.618_033_988_75) % 1;
}

/** The part of a page that listens, without the rest of it. */
function openStream(random: () => number): void {
  const page = new FakePage();
  const nothing = () => undefined;
  const handlers = { onEvent: nothing, onState: nothing, onAfresh: nothing, onRefused: nothing, onFarewell: nothing };
  const stream = openEventStream(
    { fetch: room.fetch, random, page, locks: undefined, openChannel: undefined },
    ROOM_ID,
    handlers,
  );
  stream.follow('0-0');
  stops.push(() => stream.close());
}

interface Tab {
  readonly session: RunningSession;
  readonly page: FakePage;
  /** Every state that was reported of the line, in order. */
  readonly states: Connection['state'][];
  readonly texts: () => (string | null)[];
}

function openTab(random: () => number = () => 0.5): Tab {
  const page = new FakePage();
  const session = createRunningSession(
    browserOf(room, {
      page,
      random,
      openStream: (roomId, handlers) =>
        openEventStream(
          { fetch: room.fetch, random, page, locks: undefined, openChannel: undefined },
          roomId,
          handlers,
        ),
    }),
    visitOf(room),
  );
  const states: Connection['state'][] = [];
  session.connection.subscribe(() => states.push(session.connection.get().state));
  stops.push(() => session.stop());
  session.start();
  const texts = () =>
    session.transcript.get().entries.flatMap((entry) => (entry.kind === 'message' ? [entry.text] : []));
  return { session, page, states, texts };
}

beforeEach(() => {
  vi.useFakeTimers();
  room = new FakeRoom();
  // As large as a hundred pages need it, and so without signals.
  room.maxMembers = 100;
  // Known already, so that no page has to publish it.
  room.members = room.members.map((member) => ({ ...member, name: 'Quiet Otter' }));
  stops = [];
});

afterEach(() => {
  for (const stop of stops) stop();
  vi.useRealTimers();
});

describe('when the server sends its streams elsewhere, as planned', () => {
  it('a hundred pages show nothing, miss nothing and ask for nothing but the stream, once each', async () => {
    const tabs = Array.from({ length: 100 }, (_, index) => openTab(evenly(index * Math.SQRT2)));
    await after(10_000);
    const calls = room.calls.length;
    room.asked.length = 0;
    room.endWires(true);
    await after(2_000);
    room.say(OTHER, 'meanwhile');
    await after(20_000);
    expect(room.asked).toHaveLength(100);
    expect(room.calls.slice(calls)).toEqual([]);
    for (const { states, texts } of tabs) {
      expect(states).toEqual(['live']);
      expect(texts()).toEqual(['meanwhile']);
    }
  });

  it('a thousand of them come back spread over 5 s', async () => {
    for (let index = 0; index < 1_000; index += 1) openStream(evenly(index * Math.SQRT2));
    // The timers of many pages are fastest when they all fire at once; their consequences take turns of their own.
    const allAfter = async (ms: number) => {
      vi.advanceTimersByTime(ms);
      await after(0);
    };
    await allAfter(1);
    await allAfter(10_000);
    room.asked.length = 0;
    const sentAwayAt = Date.now();
    room.endWires(true);
    await after(0);
    await allAfter(5_001);
    expect(room.asked).toHaveLength(1_000);
    const halfSeconds = Array.from(
      { length: 10 },
      (_, index) => room.asked.filter((at) => Math.floor((at - sentAwayAt) / 500) === index).length,
    );
    // Each would have a hundred if the moments were spread perfectly.
    for (const arrivals of halfSeconds) expect(arrivals).toBeLessThan(150);
  });

  it('a message written meanwhile is sent at once and shown once, and the stream is back as soon', async () => {
    const { session, states, texts } = openTab(() => 0.999);
    await after(10_000);
    room.asked.length = 0;
    room.endWires(true);
    await after(100);
    expect(room.asked).toEqual([]);
    session.setDraft('from the gap');
    session.send();
    await after(1);
    expect(room.messages).toHaveLength(1);
    expect(room.asked).toHaveLength(1);
    room.say(OTHER, 'an answer');
    await after(10_000);
    expect(texts()).toEqual(['from the gap', 'an answer']);
    expect(states).toEqual(['live']);
  });

  it('and is not back yet, the page says so after its first try, and calls the roll once it is', async () => {
    const { states, texts } = openTab();
    await after(10_000);
    const calls = room.calls.length;
    room.standIn = () => problemDocument(503, 'storage_unavailable');
    room.endWires(true);
    await after(2_600);
    expect(states).toEqual(['live', 'reconnecting']);
    room.standIn = null;
    room.say(OTHER, 'meanwhile');
    await after(10_000);
    expect(states).toEqual(['live', 'reconnecting', 'live']);
    expect(texts()).toEqual(['meanwhile']);
    expect(room.calls.slice(calls).toSorted()).toEqual(['readMembers', 'readRoom']);
  });
});

describe('when every line breaks silently', () => {
  it('the roll is called once by each page, not by all at the same moment', async () => {
    Array.from({ length: 200 }, (_, index) => openTab(evenly(index * Math.SQRT2)));
    await after(10_000);
    const calls = room.calls.length;
    room.endWires(false);
    const perSecond: number[] = [];
    for (let second = 0; second < 6; second += 1) {
      const before = room.calls.length;
      await after(1_000);
      perSecond.push(room.calls.length - before);
    }
    expect(room.calls.length - calls).toBe(400);
    expect(Math.max(...perSecond)).toBeLessThan(200);
  });
});

describe('when something in between answers for the server', () => {
  const html = (status: number) => () =>
    new Response('<h1>nginx</h1>', { status, headers: { 'content-type': 'text/html' } });

  it.each<[string, () => Response]>([
    ['404 with a page', html(404)],
    ['401 with a page', html(401)],
    ['an empty 403', () => new Response(null, { status: 403 })],
    ['502', html(502)],
    ['another server’s problem document', () => problemDocument(404, 'not_found')],
  ])('the tab hears the next message after %s for a minute', async (_what, answer) => {
    const { session, texts } = openTab();
    await after(10_000);
    room.standIn = answer;
    room.endWires(false);
    await after(60_000);
    expect(session.connection.get().state).toBe('reconnecting');
    room.standIn = null;
    room.say(OTHER, 'while it was away');
    await after(20_000);
    room.say(OTHER, 'since it is back');
    await after(1);
    expect(texts()).toEqual(['while it was away', 'since it is back']);
    expect(session.connection.get().state).toBe('live');
  });

  it('the tab hears the next message even when our own server said that, about another room', async () => {
    const { session, texts } = openTab();
    await after(10_000);
    room.standIn = () => problemDocument(404, 'room_not_found');
    room.endWires(false);
    await after(60_000);
    room.standIn = null;
    await after(20_000);
    room.say(OTHER, 'since it is back');
    await after(1);
    expect(texts()).toEqual(['since it is back']);
    expect(session.connection.get().state).toBe('live');
    expect(room.asked.length).toBeLessThan(30);
  });

  it('a room that is gone ends all the same', async () => {
    const { session } = openTab();
    await after(10_000);
    room.gone = true;
    room.endWires(false);
    await after(1_000);
    expect(session.connection.get().state).toBe('ended');
  });
});
