'use client';

import { useTranslations } from 'next-intl';
import { useRef, type KeyboardEvent } from 'react';
import { barsOf } from '@/components/room/files/bars-of';
import { useFileWords } from '@/components/room/files/use-file-words';
import { Icon } from '@/components/ui/icon';
import { FileIcon } from '@/components/room/files/file-icon';
import type { Loadable } from './file-card';
import { joinOpenParts, PartButton } from './part-button';
import { pauseOthers } from './pause-others';
import { ProgressRing } from './progress-ring';
import { useDownloadSentence } from './use-download-sentence';
import { usePlayer, type Player } from './use-player';

/** What an arrow key moves by. */
const STEP_MS = 2_000;
/** As fine as a pointer can be. */
const GRAIN_MS = 50;
const BARS = 36;

/** A recorded voice: played in place, with its wave and its time. */
export function VoiceMessage({ file, download, onLoad, onStop }: Loadable) {
  'use memo';
  const t = useTranslations('files.received');
  const words = useFileWords();
  const sentence = useDownloadSentence();
  const wholeMs = file.voice?.ms ?? 0;
  const audio = useRef<HTMLAudioElement>(null);
  const player = usePlayer(audio, download.state, wholeMs, onLoad);
  const { isPlaying, at, rate } = player;
  const isLoading = download.state === 'loading';
  return (
    <div role="group" aria-label={words.summary(file)} className="w-72 max-w-full py-0.5 whitespace-normal">
      <div className="flex items-center gap-2">
        <PartButton
          label={t(isPlaying ? 'pause' : 'play')}
          aria-busy={isLoading || undefined}
          onClick={isLoading ? onStop : player.press}
          className={isLoading ? 'text-accent' : 'bg-accent text-on-accent hover:bg-accent-strong'}
        >
          {isLoading && <ProgressRing part={download.loaded / file.size} />}
          {isLoading ? (
            <Icon name="close" className="size-4" />
          ) : (
            <FileIcon name={isPlaying ? 'pause' : 'play'} className={`size-5 ${isPlaying ? '' : 'fill-current'}`} />
          )}
        </PartButton>
        <Position player={player} wave={file.voice?.wave ?? ''} wholeMs={wholeMs} />
        <PartButton
          label={t('speed', { rate })}
          onClick={player.turnRate}
          className="text-sm font-medium text-soft tabular-nums hover:bg-ink/6 hover:text-ink"
        >
          {t('rate', { rate })}
        </PartButton>
      </div>
      <span className="ms-13 block text-xs text-soft tabular-nums">{words.time(at > 0 ? at : wholeMs)}</span>
      <div role="status" className="text-sm text-danger *:mt-1 *:block">
        {download.state === 'failed' && <span>{sentence(download.reason)}</span>}
      </div>
      {download.state === 'ready' && (
        <audio
          ref={audio}
          src={download.url}
          preload="auto"
          {...player.on}
          onPlay={(event) => {
            pauseOthers(event);
            player.on.onPlay();
          }}
        />
      )}
    </div>
  );
}

interface PositionProps {
  player: Player;
  wave: string;
  wholeMs: number;
}

/** The wave, of which the heard part is coloured, under a slider. Time runs from left to right, as on all such players. */
function Position({ player: { at, seek }, wave, wholeMs }: PositionProps) {
  const t = useTranslations('files.received');
  const { time } = useFileWords();
  function pressed(event: KeyboardEvent) {
    const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    seek(at + step * STEP_MS);
  }
  const path = barsOf(wave, BARS)
    .map((level, bar) => `M${bar * 3 + 1.5} ${12 - level * 10}v${level * 20}`)
    .join('');
  const heard = wholeMs === 0 ? 0 : (at / wholeMs) * 100;
  return (
    <div
      dir="ltr"
      className="relative h-11 min-w-0 flex-1 rounded-lg has-focus-visible:outline-2 has-focus-visible:outline-accent"
    >
      <Bars path={path} className="text-edge" />
      <Bars
        path={path}
        className="text-accent forced-colors:text-[Highlight]"
        clipPath={`inset(0 ${100 - heard}% 0 0)`}
      />
      <input
        ref={joinOpenParts}
        type="range"
        data-part=""
        tabIndex={-1}
        min={0}
        max={wholeMs}
        step={GRAIN_MS}
        value={at}
        aria-label={t('position')}
        aria-valuetext={t('positionOf', { time: time(at), whole: time(wholeMs) })}
        onChange={(event) => seek(event.target.valueAsNumber)}
        onKeyDown={pressed}
        className="absolute inset-0 size-full cursor-pointer opacity-0"
      />
    </div>
  );
}

function Bars({ path, className, clipPath }: { path: string; className: string; clipPath?: string }) {
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${BARS * 3} 24`}
      preserveAspectRatio="none"
      className={`absolute inset-x-0 inset-y-2 h-7 w-full ${className}`}
      style={clipPath === undefined ? undefined : { clipPath }}
    >
      <path d={path} stroke="currentColor" strokeWidth="2" strokeLinecap="round" vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
