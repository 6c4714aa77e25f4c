import { expect, it, vi } from 'vitest';
import { createDeferred } from '@/lib/deferred';
import { createStore } from '@/lib/store';
import type { Connection } from '@/session/room-session';
import { createOwnSignals } from '@/session/signals/own-signals';

/** What signals, with a part that arrives when the test says so. */
function arrange() {
  const connection = createStore<Connection>({ state: 'connecting', since: 0 });
  let arrive = (_: string) => {};
  const promise = new Promise<string>((resolve) => (arrive = resolve));
  const load = vi.fn(() => promise);
  const signalling = { typed: vi.fn(), stop: vi.fn() };
  const begin = vi.fn(() => signalling);
  const own = createOwnSignals({ connection }, createDeferred(load), begin);
  const goLive = () => connection.set({ state: 'live', since: 1 });
  return {
    goLive,
    arrive: () => arrive('the part'),
    load,
    begin,
    signalling,
    own,
    settled: () => promise.then(() => undefined),
  };
}

it('fetches what signals once the line is up, and not before', () => {
  const { goLive, load } = arrange();
  expect(load).not.toHaveBeenCalled();
  goLive();
  expect(load).toHaveBeenCalledOnce();
});

it('says what was typed last before that is there, and all that is typed then', async () => {
  const { goLive, arrive, signalling, own, settled } = arrange();
  goLive();
  own.typed('a');
  own.typed('ab');
  expect(signalling.typed).not.toHaveBeenCalled();
  arrive();
  await settled();
  own.typed('abc');
  expect(signalling.typed.mock.calls).toEqual([['ab'], ['abc']]);
  own.stop();
  expect(signalling.stop).toHaveBeenCalledOnce();
});

it('begins nothing any more where that arrives after the end', async () => {
  const { goLive, arrive, begin, own, settled } = arrange();
  goLive();
  own.stop();
  arrive();
  await settled();
  own.typed('a');
  expect(begin).not.toHaveBeenCalled();
});
