import { setTimeout as pause } from 'node:timers/promises';
import { type Storage, storageOver } from '@/server/storage/client';
import { createEmbeddedRequester } from '@/server/storage/embedded/requester';
import { startApp, type TestApp } from './app';
import { startFaultProxy } from './fault-proxy';
import { randomFrom } from './fault-schedule';
import type { FaultWorld } from './fault-world';
import type { RedisServer } from './redis-server';

export type EmbeddedFaultWorld = Omit<FaultWorld, 'server'> & { readonly server: Pick<RedisServer, 'command'> };

/** A process with its rooms. */
interface Life {
  readonly app: TestApp;
  readonly storage: Storage;
}

async function begin(): Promise<Life> {
  const embedded = createEmbeddedRequester();
  const close = () => {
    embedded.close();
    return Promise.resolve();
  };
  const storage = storageOver('embedded', { requester: embedded, close });
  return { storage, app: await startApp(storage) };
}

const portOf = ({ url }: TestApp) => Number(new URL(url).port);

/** The same where rooms live in the process: there is one wire, and a restart takes the rooms along. */
export async function startEmbeddedFaultWorld(): Promise<EmbeddedFaultWorld> {
  let random = randomFrom(1);
  const chance = () => random();
  let life = await begin();
  const lives = [life];
  const wire = await startFaultProxy(portOf(life.app), chance);
  const aim = (port: number) => {
    wire.target = port;
    // Connections that are kept for later still lead to the other server.
    wire.begin('cut');
    wire.mend();
  };
  return {
    get app() {
      return life.app;
    },
    get storage() {
      return life.storage;
    },
    origin: `http://127.0.0.1:${wire.port}`,
    server: {
      command: async (name, ...args) => {
        const { result, error } = await life.storage.requester.request({ body: [name, ...args] });
        if (error !== undefined) throw new Error(error);
        return result;
      },
    },
    aim,
    seed: (seed) => {
      random = randomFrom(seed);
      return chance;
    },
    suffer: async (trouble, lastsMs) => {
      if (trouble.on === 'server') {
        life = await begin();
        lives.push(life);
        aim(portOf(life.app));
      }
      if (trouble.on !== 'people' && trouble.on !== 'redis') return;
      wire.begin(trouble.fault);
      await pause(lastsMs);
      wire.mend();
    },
    mend: () => wire.mend(),
    stop: async () => {
      await wire.stop();
      for (const { app, storage } of lives) {
        await app.close();
        await storage.close();
      }
    },
  };
}
