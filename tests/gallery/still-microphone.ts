/** A recorder that hears nobody, and has recorded something when it is stopped. */
class StillRecorder extends EventTarget {
  static isTypeSupported() {
    return true;
  }

  readonly mimeType = 'audio/mp4';
  state: RecordingState = 'inactive';

  start() {
    this.state = 'recording';
  }

  stop() {
    this.state = 'inactive';
    this.dispatchEvent(new BlobEvent('dataavailable', { data: new Blob(['a voice']) }));
    this.dispatchEvent(new Event('stop'));
  }
}

/** One that breaks off by itself: the recording comes behind the error, and then the end. */
class BrokenRecorder extends StillRecorder {
  override start() {
    super.start();
    setTimeout(() => {
      this.dispatchEvent(new Event('error'));
      this.stop();
    }, 900);
  }
}

/** What it hears is a sentence, over and over. */
class StillAudioContext {
  private heard = 0;

  createAnalyser() {
    return {
      fftSize: 0,
      getFloatTimeDomainData: (samples: Float32Array) => {
        this.heard += 1;
        samples.fill(0.02 + 0.4 * Math.abs(Math.sin(this.heard / 2) * Math.sin(this.heard / 7)));
      },
    };
  }

  createMediaStreamSource() {
    return { connect: () => undefined };
  }

  close() {
    return Promise.resolve();
  }
}

/** For a state in which somebody records, `mediaDevices` of the browser. */
export const stillMicrophone = (getUserMedia: () => Promise<unknown>) => ({ getUserMedia });

export const heard = stillMicrophone(() => Promise.resolve({ getTracks: () => [] }));

/** From now on the gallery records with these; nothing else in it does. */
export function installStillRecorder({ breaksOff = false } = {}): void {
  const MediaRecorder = breaksOff ? BrokenRecorder : StillRecorder;
  Object.assign(window, { MediaRecorder, AudioContext: StillAudioContext });
}
