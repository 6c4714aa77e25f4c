'use client';

import { useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import { barsOf } from '@/components/room/files/bars-of';
import { useFileWords } from '@/components/room/files/use-file-words';
import type { VoiceNote } from '@/domain/file-card';
import { MediaButton } from './media-button';
import { Wave } from './wave';

const BARS = 40;

interface ListeningProps {
  url: string;
  voice: VoiceNote;
}

/** A recording, to be heard before it is sent. */
export function Listening({ url, voice: { ms, wave } }: ListeningProps) {
  const t = useTranslations('files.sending');
  const { time } = useFileWords();
  const audio = useRef<HTMLAudioElement>(null);
  const [isPlaying, setIsPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const bars = barsOf(wave, BARS);
  const toggle = () => {
    const player = audio.current;
    if (player === null) return;
    if (player.paused) player.play().catch(() => setIsPlaying(false));
    else player.pause();
  };
  return (
    <div className="flex min-w-0 flex-1 items-center gap-2 pe-1">
      <MediaButton
        icon={isPlaying ? 'pause' : 'play'}
        label={t(isPlaying ? 'pauseVoice' : 'listen')}
        onClick={toggle}
        data-next=""
      />
      <span dir="ltr" className="relative h-8 min-w-0 flex-1">
        <Wave levels={bars} className="absolute inset-0 size-full text-edge" />
        <Wave
          levels={bars}
          part={Math.min(1, (at * 1_000) / ms)}
          className="absolute inset-0 size-full text-accent forced-colors:text-[Highlight]"
        />
      </span>
      <span className="shrink-0 text-sm text-soft tabular-nums">{time(at > 0 ? at * 1_000 : ms)}</span>
      <audio
        ref={audio}
        src={url}
        preload="auto"
        onPlay={() => setIsPlaying(true)}
        onPause={() => setIsPlaying(false)}
        onTimeUpdate={({ currentTarget }) => setAt(currentTarget.currentTime)}
        onEnded={() => {
          setIsPlaying(false);
          setAt(0);
        }}
      />
    </div>
  );
}
