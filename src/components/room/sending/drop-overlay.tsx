import { useTranslations } from 'next-intl';
import { useFileWords } from '@/components/room/files/use-file-words';
import type { FileLimits } from '@/domain/room';
import { SendingIcon } from './sending-icon';

/** Over the whole room while files are dragged over it. Nothing of it is in the pointer’s way. */
export function DropOverlay({ limits }: { limits: FileLimits }) {
  const t = useTranslations('files.sending');
  const { size } = useFileWords();
  return (
    <div
      aria-hidden="true"
      className="pointer-events-none fixed inset-0 z-50 flex bg-canvas/85 p-3 motion-safe:animate-[appear_120ms_ease-out]"
    >
      <div className="flex flex-1 flex-col items-center justify-center gap-3 rounded-3xl border-2 border-dashed border-accent text-accent">
        <SendingIcon name="clip" className="size-8" />
        <p className="text-lg font-medium text-ink">{t('drop')}</p>
        <p className="text-sm text-soft">
          {t('limits', { file: size(limits.maxBytes), room: size(limits.roomBytes) })}
        </p>
      </div>
    </div>
  );
}
