import { beforeEach, expect, it, vi } from 'vitest';
import { createSound } from '@/page/attention/sound';

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

/** A browser's audio; `allow` is called when it lets the page play. */
function browserWith({ isAllowed = true, hasDevice = true } = {}) {
  const notes: { hertz: number; end: () => void }[] = [];
  const state = { contexts: 0, running: false, loudest: 0 };
  let allow = () => {};
  class Fake {
    readonly currentTime = 0;
    readonly destination = {};
    constructor() {
      if (!hasDevice) throw new DOMException('no device', 'NotSupportedError');
      state.contexts += 1;
    }
    resume() {
      const run = () => {
        state.running = true;
      };
      return new Promise<void>((resolve) => {
        allow = () => {
          run();
          resolve();
        };
        if (isAllowed) allow();
      });
    }
    suspend() {
      state.running = false;
      return Promise.resolve();
    }
    createGain() {
      const note = (value: number) => {
        state.loudest = Math.max(state.loudest, value);
      };
      const gain = { setValueAtTime: note, linearRampToValueAtTime: note, exponentialRampToValueAtTime: note };
      return { gain, connect: (target: unknown) => target };
    }
    createOscillator() {
      const note = { frequency: { value: 0 }, onended: null as (() => void) | null, connect: (next: unknown) => next };
      return {
        ...note,
        set onended(ended: () => void) {
          note.onended = ended;
        },
        start: () => notes.push({ hertz: note.frequency.value, end: () => note.onended?.() }),
        stop: () => undefined,
      };
    }
  }
  // The few parts that a tone needs.
  const Context = Fake as unknown as new () => AudioContext;
  return { Context, notes, state, allow: () => allow() };
}

const settled = () => vi.advanceTimersByTimeAsync(0);

it('it is two soft notes, after which the device is left alone', async () => {
  const { Context, notes, state } = browserWith();
  const sound = createSound(Context);
  sound.ring();
  await settled();
  expect(notes.map(({ hertz }) => hertz)).toEqual([587.33, 880]);
  expect(state.loudest).toBeLessThan(0.1);
  for (const { end } of notes) end();
  expect(state.running).toBe(false);
});

it('a browser gives one context, however often it rings', async () => {
  const { Context, notes, state } = browserWith();
  const sound = createSound(Context);
  for (let ring = 0; ring < 3; ring += 1) {
    sound.ring();
    await settled();
  }
  expect([state.contexts, notes.length]).toEqual([1, 6]);
  // The end of an earlier tone does not cut off a later one.
  notes[1]?.end();
  expect(state.running).toBe(true);
});

it('what the browser lets it play only later is not played then', async () => {
  const { Context, notes, allow } = browserWith({ isAllowed: false });
  createSound(Context).ring();
  await vi.advanceTimersByTimeAsync(5_000);
  allow();
  await settled();
  expect(notes).toEqual([]);
});

it('a browser without a device or without sound loses only the sound', async () => {
  const { Context, notes } = browserWith({ hasDevice: false });
  createSound(Context).ring();
  const silent = createSound(undefined);
  silent.ring();
  await settled();
  expect([notes, silent.isAvailable, createSound(Context).isAvailable]).toEqual([[], false, true]);
});
