/** Two soft notes, a fifth apart, the second a moment after the first. */
const NOTES = [
  { hertz: 587.33, afterSeconds: 0 },
  { hertz: 880, afterSeconds: 0.09 },
];
/** Of full volume: heard in a quiet room, and no fright with headphones. */
const VOLUME = 0.06;
const RISE_SECONDS = 0.015;
const FADE_SECONDS = 0.7;
/** A browser that allows sound only after the next press would play it then, when nobody wonders any more. */
const LATE_MS = 1_000;

export interface Sound {
  readonly isAvailable: boolean;
  readonly ring: () => void;
}

/** Made by oscillators, so there is no file to fetch. */
export function createSound(Context: (new () => AudioContext) | undefined): Sound {
  let context: AudioContext | undefined;
  let rings = 0;

  function play(audio: AudioContext) {
    rings += 1;
    const mine = rings;
    for (const { hertz, afterSeconds } of NOTES) {
      const begin = audio.currentTime + afterSeconds;
      const note = audio.createOscillator();
      const volume = audio.createGain();
      note.frequency.value = hertz;
      volume.gain.setValueAtTime(0, begin);
      volume.gain.linearRampToValueAtTime(VOLUME, begin + RISE_SECONDS);
      volume.gain.exponentialRampToValueAtTime(VOLUME / 1_000, begin + FADE_SECONDS);
      note.connect(volume).connect(audio.destination);
      note.start(begin);
      note.stop(begin + FADE_SECONDS);
      // A context that runs keeps the device awake, and the tab marked as playing. The last note ends last.
      note.onended = () => {
        if (mine === rings && hertz === NOTES.at(-1)?.hertz) audio.suspend().catch(() => undefined);
      };
    }
  }

  async function ring() {
    if (Context === undefined) return;
    const askedAt = Date.now();
    try {
      context ??= new Context();
      await context.resume();
      if (Date.now() - askedAt < LATE_MS) play(context);
    } catch {
      // The browser has no device for it, or does not allow it. A sound is all that is lost.
    }
  }

  return { isAvailable: Context !== undefined, ring: () => void ring() };
}
