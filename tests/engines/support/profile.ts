import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface Profile {
  readonly folder: string;
  remove(): Promise<void>;
}

/** An empty folder for everything that a browser writes. */
export async function createProfile(): Promise<Profile> {
  const folder = await mkdtemp(path.join(tmpdir(), 'mayfly-profile-'));
  // The browser's last processes may still be writing while it is emptied.
  return { folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }) };
}
