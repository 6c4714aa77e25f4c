import { setTimeout as pause } from 'node:timers/promises';
import { atOnce } from './at-once';
import { mayflyRoom } from './clients';
import { Crowd } from './crowd';
import type { Running } from './running';

const ROOMS = 50;
const LISTENERS_PER_ROOM = 100;
const ROOMS_AT_ONCE = 3;
const BROADCASTS = 5;
const CALM_MS = 2_500;

export interface ManyListeners {
  readonly listeners: number;
  readonly rooms: number;
  /**
   * For each broadcast of one message to every room at once, the time from the first POST to the last delivery, sorted.
   */
  readonly lastMs: readonly number[];
  readonly rssMb: number;
  /** The needs of the first room (code and caches) are not counted. */
  readonly memoryKb: number;
}

/** Fills one process with rooms and sends something in all of them at once. Stops the server. */
export async function measureManyListeners(server: Running): Promise<ManyListeners> {
  const rooms: { crowd: Crowd; send: () => Promise<unknown> }[] = [];
  const fill = async () => {
    const { streams, send } = await mayflyRoom(server.url, LISTENERS_PER_ROOM);
    const crowd = new Crowd();
    rooms.push({ crowd, send });
    await crowd.admit(streams);
  };
  const broadcast = async (): Promise<number> => {
    const delays = await Promise.all(rooms.map(({ crowd, send }) => crowd.hear(send, 1, 0)));
    return Math.max(...delays.map((sorted) => sorted.at(-1) ?? NaN));
  };
  try {
    await fill();
    for (let index = 0; index < BROADCASTS; index += 1) await broadcast();
    const early = await server.settledUsage();
    await atOnce(
      ROOMS_AT_ONCE,
      Array.from({ length: ROOMS - 1 }, (_, index) => index),
      fill,
    );
    await pause(CALM_MS);
    const lastMs: number[] = [];
    for (let index = 0; index < BROADCASTS; index += 1) {
      lastMs.push(await broadcast());
      await pause(CALM_MS);
    }
    const { rssBytes } = await server.settledUsage();
    const listeners = ROOMS * LISTENERS_PER_ROOM;
    return {
      listeners,
      rooms: ROOMS,
      lastMs: lastMs.sort((one, other) => one - other),
      rssMb: rssBytes / 1e6,
      memoryKb: (rssBytes - early.rssBytes) / 1_000 / (listeners - LISTENERS_PER_ROOM),
    };
  } finally {
    for (const { crowd } of rooms) crowd.close();
    await server.stop();
  }
}
