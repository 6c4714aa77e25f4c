import type { RunningSession } from '@/session/running-session';

/**
 * Has the browser ask before the page is closed, while something waits or is being sent: it may be kept, but nobody has got it. Returns
 * a function that stops. A page that is outdated asks to be loaded again, and keeps everything for that.
 */
export function warnBeforeClosing(
  setWarning: (isOn: boolean) => void,
  { outgoing, outdated }: Pick<RunningSession, 'outgoing' | 'outdated'>,
): () => void {
  const look = () => setWarning(outgoing.get().isUnsent && !outdated.get());
  const stops = [outgoing.subscribe(look), outdated.subscribe(look)];
  look();
  return () => {
    for (const stop of stops) stop();
    setWarning(false);
  };
}
