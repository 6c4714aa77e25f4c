import { ClockTime } from './clock-time';

/** Above what was said or done after a pause: the one time in sight. */
export function PauseTime({ timestamp }: { timestamp: number }) {
  return (
    <ClockTime
      timestamp={timestamp}
      className="mx-auto block w-fit self-center pt-3 pb-2 text-xs text-soft tabular-nums"
    />
  );
}
