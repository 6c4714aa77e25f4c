import path from 'node:path';
import { onTestFinished } from 'vitest';
import { startBuiltServer } from '../../../scripts/built-server.mjs';
import { SUBJECT } from './form';
import { type MemoryWatch, watchMemory } from './memory';

/** A server that holds this much is killed, or an attack that succeeds might take down the machine. */
const GUARD_MB = 2_000;

/** The production build in a process of its own, with the limits on, behind one proxy that it trusts. */
export interface Victim {
  readonly url: string;
  readonly port: number;
  readonly memory: MemoryWatch;
  /** Whether it was killed for the memory it held. */
  readonly overrun: boolean;
  /** How much the memory grew, in the words of the table. */
  growth(): string;
  /** Whether it answers. */
  lives(): Promise<boolean>;
}

/** Starts a server that ends with the test. Its rooms live in its own process unless `settings` name a Redis. */
export async function startVictim(settings: Record<string, string> = {}): Promise<Victim> {
  const server = await startBuiltServer({
    settings: { TRUSTED_PROXIES: '1', ...settings },
    ...(SUBJECT !== undefined && { standalone: path.resolve(SUBJECT, '.next', 'standalone') }),
  });
  let overrun = false;
  const memory = watchMemory(server.pid, GUARD_MB, () => {
    overrun = true;
    process.kill(server.pid, 'SIGKILL');
  });
  onTestFinished(async () => {
    memory.stop();
    await server.stop('SIGKILL');
  });
  return {
    url: server.url,
    port: server.port,
    memory,
    get overrun() {
      return overrun;
    },
    growth: () => (overrun ? `over ${GUARD_MB} MB: ended` : `${memory.growthMb().toFixed(0)} MB`),
    lives: async () => {
      const health = await fetch(`${server.url}/api/health`, { signal: AbortSignal.timeout(10_000) }).catch(
        () => undefined,
      );
      return health?.status === 200;
    },
  };
}
