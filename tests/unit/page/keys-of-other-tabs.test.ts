import { afterEach, expect, it, vi } from 'vitest';
import { makeIdentity } from '@/crypto/identity';
import { memberIdSchema, roomIdSchema } from '@/domain/room';
import { askForKeys, shareKeys, type KeyChannel } from '@/page/keys-of-other-tabs';

const ROOM = roomIdSchema.parse('Aa0Bb1Cc2Dd3Ee4Ff5Gg6H');
const OTHER_ROOM = roomIdSchema.parse('Zz9Yy8Xx7Ww6Vv5Uu4Tt3S');
const STRANGER = memberIdSchema.parse('Member0123456789');

/** Channels of one browser, which clones what is posted as browsers do; Node's own takes no keys. */
const channels = new Map<string, Set<KeyChannel>>();
function open(name: string): KeyChannel {
  const others = channels.get(name) ?? new Set();
  channels.set(name, others);
  const channel: KeyChannel = {
    onmessage: null,
    postMessage: (message) => {
      for (const other of others) {
        const data: unknown = structuredClone(message);
        if (other !== channel) setTimeout(() => other.onmessage?.(new MessageEvent('message', { data })));
      }
    },
    close: () => {
      others.delete(channel);
      channel.onmessage = null;
    },
  };
  others.add(channel);
  return channel;
}
const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
  vi.useRealTimers();
});

const kept = async () => ({ identity: await makeIdentity(), endsAt: 1_000, epoch: 2 });

it('a tab without keys gets those of its seat from another one, unexportable as they are', async () => {
  const [own, another] = [await kept(), await kept()];
  stops.push(
    shareKeys(open, ROOM, () => own),
    shareKeys(open, ROOM, () => another),
  );
  const found = await askForKeys(open, ROOM, own.identity.memberId);
  expect(found).toMatchObject({ identity: { memberId: own.identity.memberId }, endsAt: 1_000, epoch: 2 });
  expect(found?.identity.sign.privateKey.extractable).toBe(false);
});

it('keys of another seat, another room or a tab that has left are not given', async () => {
  const own = await kept();
  stops.push(shareKeys(open, ROOM, () => own));
  expect(await askForKeys(open, ROOM, STRANGER)).toBeNull();
  expect(await askForKeys(open, OTHER_ROOM, own.identity.memberId)).toBeNull();
  for (const stop of stops.splice(0)) stop();
  expect(await askForKeys(open, ROOM, own.identity.memberId)).toBeNull();
});

it('a browser that passes no keys from tab to tab leaves the other one to make its own', async () => {
  const refusing = (name: string): KeyChannel => {
    const channel = open(name);
    const { postMessage } = channel;
    return Object.assign(channel, {
      postMessage: (message: unknown) => {
        if (typeof message !== 'string') throw new DOMException('no keys', 'DataCloneError');
        postMessage(message);
      },
    });
  };
  const own = await kept();
  stops.push(shareKeys(refusing, ROOM, () => own));
  expect(await askForKeys(refusing, ROOM, own.identity.memberId)).toBeNull();
});

it('a browser without channels has nobody to ask', async () => {
  const own = await kept();
  shareKeys(undefined, ROOM, () => own)();
  expect(await askForKeys(undefined, ROOM, own.identity.memberId)).toBeNull();
});
