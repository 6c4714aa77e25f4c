import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PIECE_BYTES, type FileId } from '@/domain/file';
import type { Files } from '@/session/files/files';
import type { Download } from '@/session/files/download';
import type { SharedFile } from '@/session/files/shared-file';
import type { RunningSession } from '@/session/running-session';
import { messagesOf, SealedRoom } from '@tests/support/sealed-room';

let sealed: SealedRoom;

beforeEach(async () => {
  sealed = await SealedRoom.open({ owner: 'other' });
});
afterEach(() => sealed.close());

async function ready(session: RunningSession = sealed.openSession()): Promise<RunningSession> {
  await vi.waitFor(() => expect(session.transcript.get().state).toBe('ready'));
  return session;
}

/** Bytes that look like noise and are the same in every run. */
function bytesOf(size: number, seed = 1): Uint8Array<ArrayBuffer> {
  let state = seed;
  return Uint8Array.from({ length: size }, () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) >>> 24);
}
const fileOf = (size: number, seed?: number) => new Blob([bytesOf(size, seed)]);
const SIZE = 2 * PIECE_BYTES + 1_000;

async function send(
  session: RunningSession,
  content: Blob,
  { name = 'notes.txt', text }: { name?: string; text?: string } = {},
) {
  return session.files.send([await session.files.choose(content, name)], text);
}

const stateOf = ({ files }: RunningSession) => files.uploads.get().map(({ state }) => state.kind);
const sharedIn = (session: RunningSession): readonly SharedFile[] =>
  messagesOf(session).flatMap(({ file, state }) => (file && state === 'sent' ? [file] : []));

async function shared(session: RunningSession): Promise<SharedFile> {
  await vi.waitFor(() => expect(sharedIn(session)).toHaveLength(1), { timeout: 5_000 });
  const [file] = sharedIn(session);
  if (file === undefined) throw new Error('gone again');
  return file;
}

async function loaded(files: Files, file: SharedFile): Promise<Download> {
  files.load(file);
  await vi.waitFor(() => expect(['ready', 'failed']).toContain(files.downloadOf(file.fileId).get().state), {
    timeout: 5_000,
  });
  return files.downloadOf(file.fileId).get();
}

async function contentOf(download: Download): Promise<Uint8Array> {
  if (download.state !== 'ready') throw new Error(`it is ${JSON.stringify(download)}`);
  return new Uint8Array(await download.content.arrayBuffer());
}

describe('a file in a sealed room', () => {
  it('comes out as it went in, and the server saw neither its name nor its size', async () => {
    const session = await ready();
    expect(await send(session, fileOf(SIZE), { name: 'notes.txt', text: 'Read this' })).toBe(true);
    const file = await shared(session);
    expect(file).toMatchObject({ name: 'notes.txt', type: 'application/octet-stream', size: SIZE });
    expect(messagesOf(session)[0]).toMatchObject({ text: 'Read this', file });
    expect(session.files.uploads.get()).toEqual([]);
    const download = await loaded(session.files, file);
    expect(await contentOf(download)).toEqual(bytesOf(SIZE));
    expect(download).toMatchObject({ kind: 'other', name: 'notes.txt' });
    const stored = sealed.room.files.stored.get(file.fileId);
    const readable = [...(stored?.parts.values() ?? [])].map((part) => Buffer.from(part).toString('latin1')).join('');
    expect(readable).not.toContain(Buffer.from(bytesOf(SIZE).subarray(0, 16)).toString('latin1'));
    expect(stored?.bytes).not.toBe(SIZE + 3 * 28);
    expect(JSON.stringify(sealed.room.sent)).not.toContain('notes');
  });
});

export type { FileId };
void stateOf;
