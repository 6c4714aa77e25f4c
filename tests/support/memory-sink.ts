import { isPublishedOnly } from '@/domain/stored-events';
import { createParser } from 'eventsource-parser';
import type { Sink } from '@/server/realtime/listener';

/** A reader in memory that takes everything at once unless it is asked to stall. */
export interface MemorySink extends Sink {
  /** The events and signals it received, parsed. */
  readonly words: Record<string, unknown>[];
  /** The ids of the numbered events, in order. Events that are only published have no id of their own. */
  readonly ids: string[];
  state: 'open' | 'ended' | 'destroyed';
  stall(): void;
  /** Takes this many of the waiting bytes, and no more. */
  take(bytes: number): void;
  /** Takes everything that is waiting, and everything from then on. */
  drain(): void;
}

export function memorySink(): MemorySink {
  const words: Record<string, unknown>[] = [];
  const parser = createParser({ onEvent: ({ data }) => words.push(JSON.parse(data) as Record<string, unknown>) });
  let stalled = false;
  let backlogBytes = 0;
  let waiting: (() => void)[] = [];
  const settle = () => {
    const resolve = waiting;
    waiting = [];
    for (const done of resolve) done();
  };
  const sink: MemorySink = {
    words,
    get ids() {
      return words.flatMap(({ id, event }) => (typeof id === 'string' && !isPublishedOnly(String(event)) ? [id] : []));
    },
    state: 'open',
    get backlogBytes() {
      return backlogBytes;
    },
    write: (bytes) => {
      if (sink.state !== 'open') throw new Error('written after the end');
      if (stalled) backlogBytes += bytes.byteLength;
      parser.feed(bytes.toString());
    },
    drained: () =>
      new Promise((resolve) => {
        if (backlogBytes === 0 || sink.state === 'destroyed') resolve();
        else waiting.push(resolve);
      }),
    end: () => {
      sink.state = 'ended';
    },
    destroy: () => {
      sink.state = 'destroyed';
      settle();
    },
    stall: () => {
      stalled = true;
    },
    take: (bytes) => {
      backlogBytes -= bytes;
    },
    drain: () => {
      stalled = false;
      backlogBytes = 0;
      settle();
    },
  };
  return sink;
}
