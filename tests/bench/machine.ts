import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus, platform, release, totalmem } from 'node:os';

const SERVER_CORE = 0;
const LOAD_CORE = 1;

/** Two processes on one core would each count the other's cold caches as a cost of its own. */
const canPin = platform() === 'linux' && availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0;

function pin(pid: number, core: number): void {
  if (canPin) spawnSync('taskset', ['-acp', String(core), String(pid)]);
}

let isLoadPinned = false;

/** This process, and everything that it starts from here on: Redis and the bridge in front of it. */
export function pinLoad(): void {
  pin(process.pid, LOAD_CORE);
  isLoadPinned = canPin;
}

/** All threads of a server under test, where the load has a core of its own. */
export function pinServer(pid: number): void {
  if (isLoadPinned) pin(pid, SERVER_CORE);
}

export function describeMachine(): string {
  const processors = cpus();
  const memoryGb = Math.round(totalmem() / 2 ** 30);
  const pinning = isLoadPinned ? 'server and load each pinned to a core of its own' : 'not pinned';
  return `${processors[0]?.model ?? 'unknown processor'}, ${processors.length} cores, ${memoryGb} GB, ${platform()} ${release()}, Node ${process.version}; ${pinning}`;
}
