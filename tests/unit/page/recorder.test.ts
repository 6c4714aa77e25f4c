import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { voiceNoteSchema } from '@/domain/file-card';
import type { Meter, Microphone } from '@/page/microphone';
import { createRecorder } from '@/page/recorder';
import { spellWave } from '@/page/voice-wave';

class FakeTrack extends EventTarget {
  readyState = 'live';
  stop() {
    this.readyState = 'ended';
  }
}

class FakeRecorder extends EventTarget {
  static last: FakeRecorder | null = null;
  state: RecordingState = 'inactive';
  constructor(readonly mimeType: string) {
    super();
    FakeRecorder.last = this;
  }
  start() {
    this.state = 'recording';
  }
  /** As browsers do it: the error comes first, then what was recorded, then the end. */
  break(data = new Blob(['voice'])) {
    this.state = 'inactive';
    this.dispatchEvent(new Event('error'));
    setTimeout(() => {
      this.dispatchEvent(Object.assign(new Event('dataavailable'), { data }));
      this.dispatchEvent(new Event('stop'));
    }, 50);
  }
  stop() {
    this.state = 'inactive';
    this.dispatchEvent(Object.assign(new Event('dataavailable'), { data: new Blob(['voice']) }));
    this.dispatchEvent(new Event('stop'));
  }
}

/** A browser that records these types. */
function fakeMicrophone(types: readonly string[] = []) {
  const track = new FakeTrack();
  const made: MediaRecorderOptions[] = [];
  let level = 0;
  let metersOpen = 0;
  let open = () => Promise.resolve({ getTracks: () => [track] } as unknown as MediaStream);
  const microphone: Microphone = {
    open: () => open(),
    records: (type) => types.includes(type),
    record: (_, options) => {
      made.push(options);
      return new FakeRecorder(options.mimeType ?? '') as unknown as MediaRecorder;
    },
    measure: (): Meter => {
      metersOpen += 1;
      return { level: () => level, close: () => void (metersOpen -= 1) };
    },
  };
  return {
    microphone,
    track,
    made,
    hear: (loudness: number) => void (level = loudness),
    answer: (next: typeof open) => void (open = next),
    isReleased: () => track.readyState === 'ended' && metersOpen === 0,
  };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('a recording keeps its length, its levels and its type, and lets the microphone go', async () => {
  const { microphone, hear, made, isReleased } = fakeMicrophone(['audio/mp4', 'audio/webm;codecs=opus']);
  const recorder = createRecorder(microphone);
  recorder.start();
  expect(recorder.state.get().kind).toBe('asking');
  await vi.advanceTimersByTimeAsync(0);
  expect(recorder.state.get().kind).toBe('recording');
  expect(made).toEqual([expect.objectContaining({ mimeType: 'audio/mp4' })]);
  hear(1);
  await vi.advanceTimersByTimeAsync(2_000);
  hear(0);
  await vi.advanceTimersByTimeAsync(2_000);
  recorder.stop();
  const state = recorder.state.get();
  expect(state).toMatchObject({ kind: 'recorded', voice: { ms: 4_000 } });
  if (state.kind !== 'recorded') return;
  expect(voiceNoteSchema.safeParse(state.voice).success).toBe(true);
  expect(state.voice.wave).toMatch(/^_{20,}A{20,}$/);
  expect(state.content.type).toBe('audio/mp4');
  expect(isReleased()).toBe(true);
  recorder.discard();
  expect(recorder.state.get()).toEqual({ kind: 'idle' });
});

test('a recording ends after a minute, and when its microphone is taken away', async () => {
  const { microphone, track, isReleased } = fakeMicrophone();
  const recorder = createRecorder(microphone);
  recorder.start();
  await vi.advanceTimersByTimeAsync(61_000);
  expect(recorder.state.get()).toMatchObject({ kind: 'recorded', voice: { ms: 60_000 } });
  expect(isReleased()).toBe(true);
  recorder.start();
  await vi.advanceTimersByTimeAsync(1_000);
  track.dispatchEvent(new Event('ended'));
  expect(recorder.state.get()).toMatchObject({ kind: 'recorded', voice: { ms: 1_000 } });
});

test('what was recorded until the browser broke it off is kept, and said to be that', async () => {
  const { microphone, isReleased } = fakeMicrophone();
  const recorder = createRecorder(microphone);
  recorder.start();
  await vi.advanceTimersByTimeAsync(3_000);
  FakeRecorder.last?.break();
  await vi.advanceTimersByTimeAsync(100);
  const state = recorder.state.get();
  expect(state).toMatchObject({ kind: 'recorded', brokeOff: true, voice: { ms: 3_000 } });
  expect(state.kind === 'recorded' && state.content.size).toBe(5);
  expect(isReleased()).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test.each<[string, (recorder: FakeRecorder | null) => void]>([
  ['hands over nothing', (recorder) => recorder?.break(new Blob())],
  ['never ends', (recorder) => recorder?.dispatchEvent(new Event('error'))],
])('a recorder that breaks and %s has failed, and lets the microphone go', async (_what, breakOff) => {
  const { microphone, isReleased } = fakeMicrophone();
  const recorder = createRecorder(microphone);
  recorder.start();
  await vi.advanceTimersByTimeAsync(500);
  breakOff(FakeRecorder.last);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(recorder.state.get()).toEqual({ kind: 'failed', fault: 'broken' });
  expect(isReleased()).toBe(true);
});

test('a microphone that comes after it was given up is freed at once, and so is one whose recording is discarded', async () => {
  const { microphone, track, isReleased } = fakeMicrophone();
  const recorder = createRecorder(microphone);
  recorder.start();
  recorder.discard();
  await vi.advanceTimersByTimeAsync(0);
  expect(track.readyState).toBe('ended');
  expect(recorder.state.get().kind).toBe('idle');
  recorder.start();
  await vi.advanceTimersByTimeAsync(500);
  recorder.discard();
  expect(isReleased()).toBe(true);
  expect(recorder.state.get().kind).toBe('idle');
  expect(vi.getTimerCount()).toBe(0);
});

test.each([
  ['NotAllowedError', 'refused'],
  ['NotFoundError', 'missing'],
  ['NotReadableError', 'busy'],
  ['TypeError', 'broken'],
])('a microphone that is not given for a %s is %s', async (name, fault) => {
  const { microphone, answer } = fakeMicrophone();
  answer(() => Promise.reject(Object.assign(new Error(), { name })));
  const recorder = createRecorder(microphone);
  recorder.start();
  await vi.advanceTimersByTimeAsync(0);
  expect(recorder.state.get()).toEqual({ kind: 'failed', fault });
});

test('a wave has 64 digits at most, and each is the loudest of its part', () => {
  expect(spellWave([])).toBe('A');
  expect(spellWave([0, 1])).toBe('A_');
  expect(spellWave(Array.from({ length: 640 }, (_, at) => (at === 639 ? 1 : 0)))).toBe(`${'A'.repeat(63)}_`);
  expect(spellWave([0.01, 0.01])).toMatch(/^[A-D]{2}$/);
});
