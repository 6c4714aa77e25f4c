import { vi } from 'vitest';

/** Waits for what comes by itself, on a machine that does much else: vitest's own second is too short for one. */
export const eventually = <T>(check: () => T | Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 10_000 });
