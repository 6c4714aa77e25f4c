import type { UploadState } from '@/session/files/upload';
import type { RunningSession } from '@/session/running-session';

/** What was refused, or has to be chosen again, goes nowhere by itself. */
const ON_THEIR_WAY: readonly UploadState['kind'][] = ['queued', 'sending', 'paused', 'waiting'];

/**
 * Has the browser ask before the page is closed, while a message or a file waits or is being sent: it may be kept, but nobody has got it. Returns
 * a function that stops. A page that is outdated asks to be loaded again, and keeps everything for that.
 */
export function warnBeforeClosing(
  setWarning: (isOn: boolean) => void,
  { outgoing, outdated, files: { uploads } }: Pick<RunningSession, 'outgoing' | 'outdated' | 'files'>,
): () => void {
  const isSending = () =>
    outgoing.get().isUnsent || uploads.get().some(({ state }) => ON_THEIR_WAY.includes(state.kind));
  const look = () => setWarning(isSending() && !outdated.get());
  const stops = [outgoing.subscribe(look), outdated.subscribe(look), uploads.subscribe(look)];
  look();
  return () => {
    for (const stop of stops) stop();
    setWarning(false);
  };
}
