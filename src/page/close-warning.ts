import type { RunningSession } from '@/session/running-session';

/**
 * Has the browser ask before the page is closed, while something waits or is being sent: it may be kept, but nobody has got it. Returns
 * a function that stops. A page that is outdated asks to be loaded again, and keeps everything for that.
 */
export function warnBeforeClosing(
  setWarning: (isOn: boolean) => void,
  { outgoing, outdated, files: { uploads } }: Pick<RunningSession, 'outgoing' | 'outdated' | 'files'>,
): () => void {
  const isUnsent = () => outgoing.get().isUnsent || uploads.get().length > 0;
  const look = () => setWarning(isUnsent() && !outdated.get());
  const stops = [outgoing, outdated, uploads].map(({ subscribe }) => subscribe(look));
  look();
  return () => {
    for (const stop of stops) stop();
    setWarning(false);
  };
}
