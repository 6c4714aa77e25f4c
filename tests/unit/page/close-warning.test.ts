import { expect, test } from 'vitest';
import { createStore } from '@/lib/store';
import { warnBeforeClosing } from '@/page/close-warning';
import type { Outgoing } from '@/session/messages/outgoing';

const NOTHING: Outgoing = { isUnsent: false, isWaiting: false, rest: null };
const SENDING: Outgoing = { ...NOTHING, isUnsent: true };

test('a page asks before it is closed while something is unsent, unless it has to be loaded again, and never once it is left', () => {
  const outgoing = createStore(NOTHING);
  const outdated = createStore(false);
  const asks: boolean[] = [];
  const stop = warnBeforeClosing((isOn) => asks.push(isOn), { outgoing, outdated, files: { ...noFiles, uploads } });
  const now = () => asks.at(-1);
  expect(now()).toBe(false);
  outgoing.set(SENDING);
  expect(now()).toBe(true);
  outgoing.set(NOTHING);
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
