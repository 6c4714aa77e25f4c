import type { VoiceNote } from '@/domain/file-card';
import { VOICE_MS_MAX } from '@/domain/limits';
import { createStore, type Readable } from '@/lib/store';
import type { Microphone } from './microphone';
import { spellWave } from './voice-wave';

/** As often as a level is looked at, and drawn. */
const LEVEL_MS = 80;
/** A recorder that broke hands over what it has at once; one that does not has nothing more. */
const HANDING_OVER_MS = 1_000;
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
  | {
      readonly kind: 'recorded';
      readonly content: Blob;
      readonly url: string;
      readonly voice: VoiceNote;
      /** The browser gave up before it was asked to stop: this is what came until then. */
      readonly brokeOff: boolean;
    }
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
  readonly onRecorded: (content: Blob, ms: number, brokeOff: boolean) => void;
}

/** Records until it is stopped, for a minute, or until microphone or browser give up: everything said until then is kept. */
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
  let brokenAt: number | null = null;
  let handingOver: ReturnType<typeof setTimeout> | undefined;
  const release = () => {
    heard.abort();
    clearInterval(hear);
    clearTimeout(limit);
    clearTimeout(handingOver);
    stop();
    for (const track of stream.getTracks()) track.stop();
    meter.close();
  };
  recorder.addEventListener('dataavailable', ({ data }) => chunks.push(data), { signal });
  const end = () => {
    release();
    const ms = Math.min(VOICE_MS_MAX, (brokenAt ?? Date.now()) - since);
    on.onRecorded(new Blob(chunks, { type: recorder.mimeType }), ms, brokenAt !== null);
  };
  const breakOff = () => {
    brokenAt ??= Date.now();
    handingOver ??= setTimeout(end, HANDING_OVER_MS);
  };
  // The recording comes behind the error, and then the end.
  recorder.addEventListener('error', breakOff, { signal });
  recorder.addEventListener('stop', end, { signal });
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

  function finish(content: Blob, ms: number, brokeOff: boolean) {
    taking = null;
    if (content.size === 0) {
      fail('broken');
      return;
    }
    const voice = { ms: Math.max(1, ms), wave: spellWave(levels.get()) };
    state.set({ kind: 'recorded', content, voice, url: URL.createObjectURL(content), brokeOff });
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
