/** Samples that a level is the loudest of. */
const SAMPLES = 2_048;
/** Quieter than this is silence. */
const QUIETEST_DECIBELS = -50;

/** How loud it is now, from 0 to 1. */
export interface Meter {
  readonly level: () => number;
  readonly close: () => void;
}

/** What recording needs of a browser. */
export interface Microphone {
  /** The browser asks its person, unless they have decided before. */
  readonly open: () => Promise<MediaStream>;
  readonly records: (type: string) => boolean;
  readonly record: (stream: MediaStream, options: MediaRecorderOptions) => MediaRecorder;
  readonly measure: (stream: MediaStream) => Meter;
}

/** Null where the browser cannot record: on a page without a secure connection, and in some old ones. */
export function browserMicrophone(): Microphone | null {
  // The types know no browser without it.
  const devices: MediaDevices | undefined = 'mediaDevices' in navigator ? navigator.mediaDevices : undefined;
  if (devices === undefined || !('getUserMedia' in devices) || !('MediaRecorder' in window)) return null;
  return {
    open: () => devices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true, channelCount: 1 } }),
    records: (type) => MediaRecorder.isTypeSupported(type),
    record: (stream, options) => new MediaRecorder(stream, options),
    measure,
  };
}

/** Without it there is no wave, and the voice is recorded all the same. */
const SILENT: Meter = { level: () => 0, close: () => undefined };

function measure(stream: MediaStream): Meter {
  if (!('AudioContext' in window)) return SILENT;
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = SAMPLES;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(SAMPLES);
  return {
    level: () => {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / SAMPLES;
      const decibels = 10 * Math.log10(power);
      return Math.min(1, Math.max(0, 1 - decibels / QUIETEST_DECIBELS));
    },
    close: () => void context.close(),
  };
}
