/** Around the button that stops it: how much is there, of 1. It begins at the top and runs like a clock, in every language. */
export function ProgressRing({ part }: { part: number }) {
  return (
    <svg aria-hidden="true" viewBox="0 0 44 44" fill="none" strokeWidth="3" className="absolute inset-0 -rotate-90">
      <circle cx="22" cy="22" r="20" stroke="currentColor" strokeOpacity="0.2" />
      <circle
        cx="22"
        cy="22"
        r="20"
        stroke="currentColor"
        strokeLinecap="round"
        pathLength="100"
        strokeDasharray={`${Math.max(2, part * 100)} 100`}
        className="motion-safe:[transition:stroke-dasharray_200ms]"
      />
    </svg>
  );
}
