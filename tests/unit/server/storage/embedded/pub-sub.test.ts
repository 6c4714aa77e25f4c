import { describe, expect, it, vi } from 'vitest';
import { embeddedRedis } from '@tests/support/embedded-redis';

/** Everything that was published has been delivered once this many microtasks have passed. */
const delivered = () => new Promise((resolve) => setImmediate(resolve));

describe('publish and subscribe', () => {
  it('delivers in the order of publishing, after the line that confirms the subscription', async () => {
    const { requester, run } = embeddedRedis();
    const lines: string[] = [];
    await requester.request({ path: ['subscribe', 'room'], onMessage: (line) => lines.push(line) });
    const counts = await Promise.all(Array.from({ length: 50 }, (_, index) => run('PUBLISH', 'room', `${index},é`)));
    await delivered();
    expect(counts).toEqual(Array.from({ length: 50 }, () => 1));
    expect(lines).toEqual(['subscribe,room,1', ...Array.from({ length: 50 }, (_, index) => `message,room,${index},é`)]);
  });

  it('delivers nothing while a script runs', async () => {
    const { requester, run } = embeddedRedis();
    const seen: unknown[] = [];
    await requester.request({
      path: ['subscribe', 'room'],
      onMessage: (line) => void run('GET', 'step').then((step) => seen.push([line, step])),
    });
    await run(
      'EVAL',
      `redis.call('SET', 'step', 1) redis.call('PUBLISH', 'room', 'first')
       redis.call('SET', 'step', 2) redis.call('PUBLISH', 'room', 'second')
       redis.call('SET', 'step', 3) return 'done'`,
      0,
    );
    await delivered();
    expect(seen).toEqual([
      ['subscribe,room,1', null],
      ['message,room,first', '3'],
      ['message,room,second', '3'],
    ]);
  });

  it('puts what a subscriber publishes behind what was published before', async () => {
    const { requester, run } = embeddedRedis();
    const lines: string[] = [];
    await requester.request({
      path: ['subscribe', 'room'],
      onMessage(line) {
        lines.push(line);
        if (line === 'message,room,question') void run('PUBLISH', 'room', 'answer');
      },
    });
    await Promise.all([run('PUBLISH', 'room', 'question'), run('PUBLISH', 'room', 'interjection')]);
    await delivered();
    expect(lines.slice(1)).toEqual(['message,room,question', 'message,room,interjection', 'message,room,answer']);
  });

  it('reports a subscriber that throws, and serves the others', async () => {
    const onSubscriberError = vi.fn();
    const { requester, run } = embeddedRedis({ onSubscriberError });
    const lines: string[] = [];
    const failure = new Error('this listener is broken');
    const fail = () => {
      throw failure;
    };
    await requester.request({ path: ['subscribe', 'room'], onMessage: fail });
    await requester.request({ path: ['subscribe', 'room'], onMessage: (line) => lines.push(line) });
    expect(await run('PUBLISH', 'room', 'hello')).toBe(2);
    await delivered();
    expect(lines).toEqual(['subscribe,room,1', 'message,room,hello']);
    expect(onSubscriberError.mock.calls).toEqual([[failure], [failure]]);
  });

  it('delivers nothing more once the signal has aborted', async () => {
    const { requester, run } = embeddedRedis();
    const lines: string[] = [];
    const controller = new AbortController();
    await requester.request({
      path: ['subscribe', 'room'],
      onMessage: (line) => lines.push(line),
      signal: controller.signal,
    });
    const published = run('PUBLISH', 'room', 'on its way');
    controller.abort();
    expect(await published).toBe(1);
    expect(await run('PUBLISH', 'room', 'too late')).toBe(0);
    await delivered();
    expect(lines).toEqual(['subscribe,room,1']);
  });

  it('serves the subscribers of the library', async () => {
    const { redis } = embeddedRedis();
    const subscriber = redis.subscribe<string>('room');
    const messages: unknown[] = [];
    const confirmed = new Promise((resolve) => subscriber.on('subscribe', resolve));
    subscriber.on('message', (message) => messages.push(message));
    expect(await confirmed).toBe(1);
    expect(await redis.publish('room', { text: 'a,b' })).toBe(1);
    await delivered();
    await subscriber.unsubscribe();
    expect(await redis.publish('room', 'nobody')).toBe(0);
    expect(messages).toEqual([{ channel: 'room', message: { text: 'a,b' } }]);
  });
});
