import { onTestFinished } from 'vitest';
import { storageOver, type Storage } from '@/server/storage/client';
import { createEmbeddedRequester } from '@/server/storage/embedded/requester';
import { type RecordingRequester, recordRequests } from './recording-requester';
import type { TestStorage } from './storages';

export interface ClockedStorage {
  readonly storage: Storage;
  readonly recorded: RecordingRequester['recorded'];
  readonly afterEveryCommand: TestStorage['afterEveryCommand'];
  /** Turn it to move the storage's time, which otherwise stands still. */
  readonly clock: { ms: number; now(): number };
  /** Runs a command that is not recorded. */
  readonly command: TestStorage['command'];
  /** How many bytes the storage holds, by its own count. */
  readonly footprint: () => number;
}

/** An embedded storage of the test's own, whose clock stands still until the test moves it. */
export function clockedStorage({ maxBytes }: { maxBytes?: number } = {}): ClockedStorage {
  const clock = { ms: 1_800_000_000_000, now: () => clock.ms };
  const embedded = createEmbeddedRequester({ clock, maxBytes });
  onTestFinished(() => embedded.close());
  const recording = recordRequests(embedded);
  return {
    storage: storageOver('embedded', {
      requester: recording,
      maxBytes,
      isFull: (part) => embedded.isFull(part),
      close: () => Promise.resolve(),
    }),
    recorded: recording.recorded,
    afterEveryCommand: (hook) => recording.afterEveryCommand(hook),
    clock,
    footprint: () => embedded.footprint,
    command: async (name, ...args) => {
      const { result, error } = await embedded.request({ body: [name, ...args] });
      if (error !== undefined) throw new Error(error);
      return result;
    },
  };
}
