import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openStorage, type Storage, storageOver } from '@/server/storage/client';
import { type AppOptions, type TestApp, startApp } from '@tests/support/app';
import { listen, soon } from '@tests/support/event-stream';
import { foldHere } from '@tests/support/here-fold';
import { recordRequests, type RecordingRequester } from '@tests/support/recording-requester';
import { type RedisServer, startRedisServer } from '@tests/support/redis-server';
import { type RoomsApi, roomsApi, type Seat } from '@tests/support/rooms';
import { startTcpProxy } from '@tests/support/tcp-proxy';
import { startUpstashBridge } from '@tests/support/upstash-bridge';

/** One piece of the wire is lost, so the next message may not come in the same piece. */
const losingBy =
  (loser: { loseMessages(count: number): void; readonly messagesToLose: number }) =>
  async (work: () => Promise<unknown>) => {
    loser.loseMessages(1);
    await work();
    await soon(() => expect(loser.messagesToLose).toBe(0));
  };

/** A way to Redis that loses publications, without breaking and without a sign. */
interface LossyWay {
  storage: Storage;
  /** Does the work, whose publication is then lost. */
  losing(work: () => Promise<unknown>): Promise<void>;
  deafen(): void;
  close(): Promise<void>;
}

async function overTcp(server: RedisServer): Promise<LossyWay> {
  const proxy = await startTcpProxy(server.port);
  const storage = await openStorage({ kind: 'redis', url: `redis://127.0.0.1:${proxy.port}` });
  return {
    storage,
    losing: losingBy(proxy),
    deafen: () => proxy.deafen(),
    close: async () => {
      await storage.close();
      await proxy.stop();
    },
  };
}

async function overRest(server: RedisServer): Promise<LossyWay> {
  const bridge = await startUpstashBridge(server.url);
  const storage = await openStorage({ kind: 'upstash', url: bridge.url, token: bridge.token });
  return {
    storage,
    losing: losingBy(bridge),
    deafen: () => bridge.deafen(),
    close: async () => {
      await storage.close();
      await bridge.stop();
    },
  };
}

/** Longer than any test, so that only the next message can reveal the loss. */
const NO_HEARTBEAT = { heartbeat: 120_000, lease: 300_000 };
const QUICK = { heartbeat: 300, publication: 50, gather: 50, away: 300 };

describe.each([
  ['over TCP', overTcp],
  ['over the event stream of REST', overRest],
])('a lost publication, %s', (_, openWay) => {
  let server: RedisServer;
  let way: LossyWay;
  let recording: RecordingRequester;
  let api: RoomsApi;
  let writing: TestApp;
  beforeAll(async () => {
    server = await startRedisServer();
    way = await openWay(server);
    recording = recordRequests(way.storage.requester);
    // The sender uses a process whose own way to Redis works.
    writing = await startApp(await openStorage({ kind: 'redis', url: server.url }));
    api = roomsApi(writing);
  });
  afterAll(async () => {
    await writing.close();
    await writing.context.storage.close();
    await way.close();
    await server.stop();
  });

  async function startListening(timings: NonNullable<AppOptions['timings']>) {
    const app = await startApp(
      storageOver(way.storage.kind, { requester: recording, close: () => Promise.resolve() }),
      { timings },
    );
    onTestFinished(() => app.close());
    const owner = await api.open({ maxMembers: 4 });
    const stream = await listen(app.url, owner);
    const heard = (texts: string[]) => soon(() => expect(stream.texts()).toEqual(texts));
    await owner.send({ text: 'one' });
    await heard(['one']);
    return { app, owner, stream, heard };
  }
  const say = (seat: Seat, text: string) => seat.send({ text });
  const commandsOf = async (work: () => Promise<unknown>) => {
    const before = recording.recorded.length;
    await work();
    return recording.recorded.slice(before).map(({ name }) => name);
  };

  it('arrives with the next message and before it, at the cost of one read and on the same subscription', async () => {
    const { owner, heard } = await startListening(NO_HEARTBEAT);
    const commands = await commandsOf(async () => {
      await way.losing(() => say(owner, 'lost'));
      await say(owner, 'three');
      await heard(['one', 'lost', 'three']);
      await say(owner, 'four');
      await heard(['one', 'lost', 'three', 'four']);
    });
    expect(commands.filter((name) => name.startsWith('EVAL'))).toHaveLength(1);
    expect(commands).not.toContain('SUBSCRIBE');
  });

  it('arrives with the next heartbeat when nothing follows', async () => {
    const { owner, heard } = await startListening(QUICK);
    await way.losing(() => say(owner, 'lost'));
    await heard(['one', 'lost']);
  });

  it('still ends the streams of a member whose removal it announced', async () => {
    const { app, owner } = await startListening(NO_HEARTBEAT);
    const guest = await api.join(owner.roomId);
    const going = await listen(app.url, guest);
    await way.losing(() => owner.remove(guest.memberId));
    await say(owner, 'not for them');
    await soon(() => expect(going.ended).toBe(true));
    expect(going.words.at(-1)).toMatchObject({ event: 'member.left', data: { memberId: guest.memberId } });
  });

  it('is made good when it was about presence', async () => {
    const { owner, stream } = await startListening(QUICK);
    const elsewhere = await startApp(writing.context.storage, { timings: QUICK });
    onTestFinished(() => elsewhere.close());
    const guest = await api.join(owner.roomId);
    await way.losing(() => listen(elsewhere.url, guest));
    await soon(() => expect(foldHere(stream.words)).toEqual([owner.memberId, guest.memberId].sort()));
  });

  it('arrives when a connection goes deaf without closing: another replaces it for every room', async () => {
    const [one, other] = [await startListening(QUICK), await startListening(QUICK)];
    way.deafen();
    await say(one.owner, 'unheard');
    await say(other.owner, 'unheard too');
    await one.heard(['one', 'unheard']);
    await other.heard(['one', 'unheard too']);
    // Later events are heard as they are published, without a gap being noticed first.
    const commands = await commandsOf(async () => {
      for (const { owner, heard, text } of [
        { ...one, text: 'unheard' },
        { ...other, text: 'unheard too' },
      ]) {
        await say(owner, 'heard');
        await heard(['one', text, 'heard']);
      }
    });
    expect(commands).not.toContain('SUBSCRIBE');
    expect([one.stream.ended, other.stream.ended]).toEqual([false, false]);
  });
});
