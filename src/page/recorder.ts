import type { VoiceNote } from '@/domain/file-card';
import { VOICE_MS_MAX } from '@/domain/limits';
import { createStore, type Readable } from '@/lib/store';
import type { Microphone } from './microphone';
import { spellWave } from './voice-wave';

/** As often as a level is looked at, and drawn. */
const LEVEL_MS = 80;
/** Speech needs no more; a minute is a quarter of a megabyte. */
const BITS_PER_SECOND = 32_000;
/** Safari plays nothing else, and everything plays it; where the browser does not make it, the rest of the world's format. */
const TYPES = ['audio/mp4;codecs=mp4a.40.2', 'audio/mp4', 'audio/webm;codecs=opus'];

/** `refused`: by the person or by the site's settings; `missing`: there is no microphone; `busy`: another program has it. */
export type RecorderFault = 'refused' | 'missing' | 'busy' | 'broken';

export type RecorderState =
  | { readonly kind: 'idle' | 'asking' }
  /** On this browser's clock. */
  | { readonly kind: 'recording'; readonly since: number }
  | { readonly kind: 'recorded'; readonly content: Blob; readonly url: string; readonly voice: VoiceNote }
  | { readonly kind: 'failed'; readonly fault: RecorderFault };

export interface Recorder {
  readonly state: Readable<RecorderState>;
  /** Of the recording so far, from 0 to 1, newest last. */
  readonly levels: Readable<readonly number[]>;
  /** Asks for the microphone, which the browser may ask its person about, and records until it is stopped, or for a minute. */
  readonly start: () => void;
  readonly stop: () => void;
  /** Forgets what was recorded and lets the microphone go, whatever is going on. */
  readonly discard: () => void;
}

/** A recording under way; `release` frees the microphone and stops all timers. */
interface Taking {
  readonly stop: () => void;
  readonly release: () => void;
}

interface TakingHandlers {
  readonly onLevel: (level: number) => void;
  readonly onRecorded: (content: Blob, ms: number) => void;
  readonly onBroken: () => void;
}

/** Records until it is stopped, for a minute, or until the microphone is unplugged: everything said until then is kept. */
function take(microphone: Microphone, stream: MediaStream, on: TakingHandlers): Taking {
  const type = TYPES.find((one) => microphone.records(one));
  const recorder = microphone.record(stream, {
    audioBitsPerSecond: BITS_PER_SECOND,
    ...(type !== undefined && { mimeType: type }),
  });
  const meter = microphone.measure(stream);
  const chunks: Blob[] = [];
  const since = Date.now();
  const stop = () => {
    if (recorder.state !== 'inactive') recorder.stop();
  };
  const hear = setInterval(() => on.onLevel(meter.level()), LEVEL_MS);
  const limit = setTimeout(stop, VOICE_MS_MAX);
  const heard = new AbortController();
  const { signal } = heard;
  const release = () => {
    heard.abort();
    clearInterval(hear);
    clearTimeout(limit);
    stop();
    for (const track of stream.getTracks()) track.stop();
    meter.close();
  };
  recorder.addEventListener('dataavailable', ({ data }) => chunks.push(data), { signal });
  recorder.addEventListener('error', on.onBroken, { signal });
  recorder.addEventListener(
    'stop',
    () => {
      release();
      on.onRecorded(new Blob(chunks, { type: recorder.mimeType }), Math.min(VOICE_MS_MAX, Date.now() - since));
    },
    { signal },
  );
  for (const track of stream.getTracks()) track.addEventListener('ended', stop, { signal });
  recorder.start();
  return { stop, release };
}

export function createRecorder(microphone: Microphone): Recorder {
  const state = createStore<RecorderState>({ kind: 'idle' });
  const levels = createStore<readonly number[]>([]);
  /** A microphone that arrives after it was given up is freed at once. */
  let turn = 0;
  let taking: Taking | null = null;

  function finish(content: Blob, ms: number) {
    taking = null;
    if (content.size === 0) {
      fail('broken');
      return;
    }
    const voice = { ms: Math.max(1, ms), wave: spellWave(levels.get()) };
    state.set({ kind: 'recorded', content, voice, url: URL.createObjectURL(content) });
  }

  function fail(fault: RecorderFault) {
    discard();
    state.set({ kind: 'failed', fault });
  }

  function discard() {
    turn += 1;
    taking?.release();
    taking = null;
    const last = state.get();
    if (last.kind === 'recorded') URL.revokeObjectURL(last.url);
    levels.set([]);
    state.set({ kind: 'idle' });
  }

  function begin(stream: MediaStream) {
    try {
      taking = take(microphone, stream, {
        onLevel: (level) => levels.set([...levels.get(), level]),
        onRecorded: finish,
        onBroken: () => fail('broken'),
      });
      state.set({ kind: 'recording', since: Date.now() });
    } catch {
      // Some browsers refuse to record only once they are asked to.
      for (const track of stream.getTracks()) track.stop();
      fail('broken');
    }
  }

  return {
    state,
    levels,
    stop: () => taking?.stop(),
    discard,
    start: () => {
      if (state.get().kind === 'asking' || state.get().kind === 'recording') return;
      discard();
      const mine = turn;
      state.set({ kind: 'asking' });
      microphone.open().then(
        (stream) => {
          if (turn === mine) begin(stream);
          else for (const track of stream.getTracks()) track.stop();
        },
        (error: unknown) => {
          if (turn === mine) fail(faultOf(error));
        },
      );
    },
  };
}

const FAULTS: Readonly<Record<string, RecorderFault>> = {
  NotAllowedError: 'refused',
  SecurityError: 'refused',
  NotFoundError: 'missing',
  OverconstrainedError: 'missing',
  NotReadableError: 'busy',
  AbortError: 'busy',
};

const faultOf = (error: unknown): RecorderFault => (error instanceof Error && FAULTS[error.name]) || 'broken';
