import { expect } from 'vitest';
import { FILE_PIECE_BYTES } from '@/domain/limits';
import type { Download } from '@/session/files/download';
import type { SharedFile } from '@/session/files/shared-file';
import type { RunningSession } from '@/session/running-session';
import { eventually } from '@tests/support/eventually';
import { messagesOf } from '@tests/support/sealed-room';

/** Three pieces, of which the last is short. */
export const SIZE = 2 * FILE_PIECE_BYTES + 1_000;

/** Bytes that look like noise and are the same in every run. */
export function bytesOf(size: number, seed = 1): Uint8Array<ArrayBuffer> {
  let state = seed;
  return Uint8Array.from({ length: size }, () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) >>> 24);
}
export const fileOf = (size = SIZE, seed?: number): Blob => new Blob([bytesOf(size, seed)]);

export async function ready(session: RunningSession): Promise<RunningSession> {
  await eventually(() => expect(session.transcript.get().state).toBe('ready'));
  return session;
}

export async function send({ files }: RunningSession, content = fileOf(), name = 'notes.txt', text?: string) {
  return files.send([await files.choose(content, name)], text);
}

export const statesOf = ({ files }: RunningSession) => files.uploads.get().map(({ state }) => state.kind);

export const untilState = (session: RunningSession, ...states: string[]) =>
  eventually(() => expect(statesOf(session)).toEqual(states));

export const sharedIn = (session: RunningSession): readonly SharedFile[] =>
  messagesOf(session).flatMap(({ file, state }) => (file && state === 'sent' ? [file] : []));

/** The file that is in the transcript, once it is. */
export async function shared(session: RunningSession): Promise<SharedFile> {
  await eventually(() => expect(sharedIn(session).length).toBeGreaterThan(0));
  const file = sharedIn(session).at(-1);
  if (file === undefined) throw new Error('gone again');
  return file;
}

/** What became of a file that was asked for. */
export async function loaded({ files }: RunningSession, file: SharedFile): Promise<Download> {
  files.load(file);
  const store = files.downloadOf(file);
  await eventually(() => expect(['ready', 'failed']).toContain(store.get().state));
  return store.get();
}

/** Whether what was loaded has exactly these bytes; comparing them one by one would take seconds. */
export async function isContent(download: Download, bytes: Uint8Array): Promise<boolean> {
  if (download.state !== 'ready') throw new Error(`it is ${JSON.stringify(download)}`);
  return Buffer.from(await download.content.arrayBuffer()).equals(bytes);
}
