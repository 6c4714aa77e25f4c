import { useEffect, useEffectEvent, useRef, useState, type RefObject } from 'react';
import type { Download } from '@/session/files/download';

/** Each press leads to the next. */
const RATES = [1, 1.5, 2] as const;

export interface Player {
  readonly isPlaying: boolean;
  /** In milliseconds from the beginning. */
  readonly at: number;
  readonly rate: number;
  /** Plays or pauses; what is not there yet is loaded, and then plays. */
  readonly press: () => void;
  readonly seek: (ms: number) => void;
  readonly turnRate: () => void;
  /** For the element. */
  readonly on: {
    readonly onPlay: () => void;
    readonly onPause: () => void;
    readonly onTimeUpdate: () => void;
    readonly onEnded: () => void;
  };
}

/** Plays a recorded voice of a known length: browsers cannot find it in a recording that was never finished as a file. */
export function usePlayer(
  audio: RefObject<HTMLAudioElement | null>,
  state: Download['state'],
  wholeMs: number,
  load: () => void,
): Player {
  const [isPlaying, setIsPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const [rate, setRate] = useState<number>(RATES[0]);
  /** It was pressed before it was there. */
  const isWanted = useRef(false);
  const isThere = state === 'ready';

  function play() {
    const element = audio.current;
    if (element === null) return;
    tune(audio, { currentTime: at >= wholeMs ? 0 : at / 1_000, playbackRate: rate });
    // A browser may ask for one more press, as the first was long ago.
    element.play().catch(() => setIsPlaying(false));
  }
  const settle = useEffectEvent(() => {
    if (isThere && isWanted.current) play();
    isWanted.current = false;
  });
  useEffect(() => {
    if (state !== 'loading') settle();
  }, [state]);

  return {
    isPlaying,
    at,
    rate,
    press: () => {
      if (isPlaying) audio.current?.pause();
      else if (isThere) play();
      else {
        isWanted.current = true;
        load();
      }
    },
    seek: (ms) => {
      const to = Math.max(0, Math.min(wholeMs, ms));
      setAt(to);
      if (isThere) tune(audio, { currentTime: to / 1_000 });
    },
    turnRate: () => {
      const next = RATES[(RATES.findIndex((one) => one === rate) + 1) % RATES.length] ?? RATES[0];
      setRate(next);
      tune(audio, { playbackRate: next });
    },
    on: {
      onPlay: () => setIsPlaying(true),
      onPause: () => setIsPlaying(false),
      onTimeUpdate: () => setAt(Math.min(wholeMs, (audio.current?.currentTime ?? 0) * 1_000)),
      onEnded: () => setAt(0),
    },
  };
}

function tune(
  audio: RefObject<HTMLAudioElement | null>,
  changes: Partial<Pick<HTMLAudioElement, 'currentTime' | 'playbackRate'>>,
): void {
  if (audio.current !== null) Object.assign(audio.current, changes);
}
