import * as z from 'zod/mini';
import { expect } from 'vitest';
import type { TestStorage } from './storages';

/** The part of a test storage that looks at keys without being recorded. */
export type KeyWatcher = Pick<TestStorage, 'command'>;

export interface FoundKey {
  readonly key: string;
  /** Milliseconds since the epoch; -1 for a key that never expires. */
  readonly expiresAt: number;
  /** The end that the room itself names; null when the key belongs to no room, or to one that does not exist. */
  readonly roomEndsAt: number | null;
  readonly ofRoom: boolean;
}

// One command, so that every key is seen at the same moment.
const LOOK = `
local found = {}
for _, key in ipairs(redis.call('KEYS', '*')) do
  local id = string.match(key, '^room:{(%w+)}') or string.match(key, '^%w+$')
  local ends = id and #id == 22 and redis.call('HGET', 'room:{' .. id .. '}', 'expiresAt') or ''
  found[#found + 1] = {key, tostring(redis.call('PEXPIRETIME', key)), ends, id and 1 or 0}
end
return found`;

const foundSchema = z.array(z.tuple([z.string(), z.coerce.number(), z.string(), z.coerce.number()]));

export async function keysOf({ command }: KeyWatcher): Promise<FoundKey[]> {
  return foundSchema.parse(await command('EVAL', LOOK, 0)).map(([key, expiresAt, ends, ofRoom]) => ({
    key,
    expiresAt,
    roomEndsAt: ends === '' ? null : Number(ends),
    ofRoom: ofRoom === 1,
  }));
}

/** Checks that each key expires, and that each key of a room expires in the very millisecond in which the room ends. */
export async function expectEveryKeyToEnd(watcher: KeyWatcher): Promise<FoundKey[]> {
  const found = await keysOf(watcher);
  for (const { key, expiresAt, roomEndsAt, ofRoom } of found) {
    if (ofRoom) expect({ key, expiresAt }).toEqual({ key, expiresAt: roomEndsAt });
    else expect(expiresAt, `${key} never ends`).toBeGreaterThan(0);
  }
  return found;
}

/** From now on, looks at every key after every command of `storage`. */
export function watchKeys(storage: KeyWatcher & Pick<TestStorage, 'afterEveryCommand'>): {
  looks: number;
  faults: unknown[];
} {
  const watch = { looks: 0, faults: new Array<unknown>() };
  storage.afterEveryCommand(async (commands) => {
    watch.looks += 1;
    // Thrown here, the error would look like a fault of the storage. The test asks for it when it is done.
    await expectEveryKeyToEnd(storage).catch((fault: unknown) =>
      watch.faults.push([commands.map(({ name, args }) => [name, args[0]]), fault]),
    );
  });
  return watch;
}
