import { expect, test } from 'vitest';
import { createStore } from '@/lib/store';
import { warnBeforeClosing } from '@/page/close-warning';
import { fileIdSchema } from '@/domain/file';
import type { Upload } from '@/session/files/upload';
import { noFiles } from '@tests/gallery/no-files';
import type { Outgoing } from '@/session/messages/outgoing';

const UPLOAD: Upload = {
  fileId: fileIdSchema.parse('Aa0Bb1Cc2Dd3Ee4Ff5Gg6H'),
  name: 'notes.txt',
  type: 'text/plain',
  size: 1,
  sent: 0,
  state: { kind: 'paused' },
};
const NOTHING: Outgoing = { isUnsent: false, isWaiting: false, rest: null };
const SENDING: Outgoing = { ...NOTHING, isUnsent: true };

test('a page asks before it is closed while something is unsent, unless it has to be loaded again, and never once it is left', () => {
  const outgoing = createStore(NOTHING);
  const outdated = createStore(false);
  const uploads = createStore<readonly Upload[]>([]);
  const files = { ...noFiles, uploads };
  const asks: boolean[] = [];
  const stop = warnBeforeClosing((isOn) => asks.push(isOn), { outgoing, outdated, files });
  const now = () => asks.at(-1);
  expect(now()).toBe(false);
  outgoing.set(SENDING);
  expect(now()).toBe(true);
  outgoing.set(NOTHING);
  expect(now()).toBe(false);
  uploads.set([UPLOAD]);
  expect(now()).toBe(true);
  uploads.set([]);
  expect(now()).toBe(false);
  outgoing.set(SENDING);
  outdated.set(true);
  expect(now()).toBe(false);
  outdated.set(false);
  expect(now()).toBe(true);
  stop();
  expect(now()).toBe(false);
  outgoing.set({ ...SENDING });
  expect(now()).toBe(false);
});
