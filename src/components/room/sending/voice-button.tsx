'use client';

import { useTranslations } from 'next-intl';
import type { PointerEvent, RefObject } from 'react';
import { FileIcon } from '@/components/room/files/file-icon';
import { useFileLimits } from '@/hooks/use-file-limits';
import { useRecorder } from '@/hooks/use-recorder';
import { useRoomInfo } from '@/hooks/use-room-info';
import type { RoomSession } from '@/session/room-session';
import { RecorderPanel } from './recorder-panel';
import { useHold } from './use-hold';

interface VoiceButtonProps {
  session: RoomSession;
  field: RefObject<HTMLTextAreaElement | null>;
  /** Whoever writes does not speak. */
  isWriting: boolean;
}

/** Records a voice. While it does, its panel stands in the place of the composer, which hides all beside it. */
export function VoiceButton({ session, field, isWriting }: VoiceButtonProps) {
  const { recorder, state } = useRecorder();
  const limits = useFileLimits(session);
  const { muted } = useRoomInfo(session);
  const onHold = useHold(recorder);
  if (recorder === null || limits === null) return null;
  if (state.kind !== 'idle')
    return (
      <RecorderPanel
        {...{ recorder, state, limits }}
        files={session.files}
        onDone={() => {
          recorder.discard();
          // Nothing in the panel has the focus any more; the field is there again with the next frame.
          requestAnimationFrame(() => field.current?.focus({ preventScroll: true }));
        }}
      />
    );
  return isWriting || muted !== null ? null : <RecordButton onHold={onHold} onPress={recorder.start} />;
}

interface RecordButtonProps {
  onHold: (event: PointerEvent) => void;
  onPress: () => void;
}

function RecordButton({ onHold, onPress }: RecordButtonProps) {
  const t = useTranslations('files.sending');
  return (
    <button
      type="button"
      aria-label={t('record')}
      title={t('recordHint')}
      onPointerDown={onHold}
      onClick={onPress}
      // A finger that stays would open the browser’s own menu.
      onContextMenu={(event) => event.preventDefault()}
      className="inline-flex size-beside-field shrink-0 touch-none items-center justify-center rounded-full text-soft transition-colors select-none hover:bg-sunken hover:text-ink"
    >
      <FileIcon name="voice" />
    </button>
  );
}
