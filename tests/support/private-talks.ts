import { makeSecret } from '@/crypto/fragment';
import type { Answer } from '@/domain/failure';
import { roomIdSchema, type MemberId } from '@/domain/room';
import type { Ask, PrivateRoom, PrivateTalkParts, TalkChannel, Talks } from '@/session/private-talk/private-talk';
import { createTalks } from '@/session/private-talk/talks';
import type { RunningSession } from '@/session/running-session';
import { arrived } from '@/lib/deferred';

/** Tabs of one browser, which hear each other and not themselves. */
export class FakeTabs {
  private readonly channels = new Map<string, Set<TalkChannel>>();
  /** All that was said. */
  readonly said: unknown[] = [];

  readonly open = (name: string): TalkChannel => {
    const all = this.channels.get(name) ?? new Set<TalkChannel>();
    this.channels.set(name, all);
    const channel: TalkChannel = {
      onmessage: null,
      postMessage: (data) => {
        this.said.push(data);
        for (const other of all)
          if (other !== channel) other.onmessage?.(new MessageEvent('message', { data: structuredClone(data) }));
      },
      close: () => all.delete(channel),
    };
    all.add(channel);
    return channel;
  };
}

/** What private talk takes of a browser, without one: rooms that are made nowhere. */
export class FakeTalkBrowser {
  readonly made: { roomId: string; lifetimeSeconds: number; isClosed: boolean; isMet: boolean }[] = [];
  failure: { ok: false; failure: { reason: 'rate_limited' } } | null = null;
  gate: Promise<void> = Promise.resolve();
  /** How often a room was asked for. */
  asked = 0;

  constructor(readonly tabs: FakeTabs = new FakeTabs()) {}

  readonly openRoom = async (lifetimeSeconds: number): Promise<Answer<PrivateRoom>> => {
    this.asked += 1;
    await this.gate;
    if (this.failure !== null) return this.failure;
    const roomId = roomIdSchema.parse(`Private${this.made.length}`.padEnd(22, 'R'));
    const secret = makeSecret();
    const room = { roomId, lifetimeSeconds, isClosed: false, isMet: false };
    this.made.push(room);
    const close = () => {
      room.isClosed = true;
    };
    const isMet = () => Promise.resolve(room.isMet);
    const path = `/room/${roomId}#${secret}`;
    return { ok: true, value: { roomId, secret, path, leftMs: lifetimeSeconds * 1_000, isMet, close } };
  };

  readonly load = (): Promise<PrivateTalkParts> =>
    Promise.resolve({ createTalks, openRoom: this.openRoom, openChannel: this.tabs.open });
}

export async function talksOf({ privateTalk }: RunningSession): Promise<Talks> {
  if (privateTalk === null) throw new Error('this page has no private talk');
  return arrived(privateTalk);
}

/** How far an ask is; a person who was not asked is undefined. */
export const askOf = ({ asks }: Talks, to: MemberId): Ask | undefined => asks.get().find((ask) => ask.to === to);

export const stateOf = (talks: Talks, to: MemberId): Ask['state'] | undefined => askOf(talks, to)?.state;
