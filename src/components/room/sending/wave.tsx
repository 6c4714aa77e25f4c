/** Each bar and the gap behind it, in the drawing’s own units. */
const STEP = 3;
const HEIGHT = 24;
/** Silence has a bar, too: it is a place in the recording. */
const LOWEST = 0.08;

interface WaveProps {
  /** From 0 to 1. */
  levels: readonly number[];
  className: string;
  /** How much of it is drawn, from its beginning, of 1. */
  part?: number;
}

/** Levels as bars, as wide as there is room. Time runs from left to right, as on all recorders. */
export function Wave({ levels, className, part = 1 }: WaveProps) {
  const path = levels
    .map((level, at) => {
      const half = (Math.max(LOWEST, level) * (HEIGHT - 2)) / 2;
      return `M${at * STEP + STEP / 2} ${HEIGHT / 2 - half}v${half * 2}`;
    })
    .join('');
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${levels.length * STEP} ${HEIGHT}`}
      preserveAspectRatio="none"
      className={className}
      style={part < 1 ? { clipPath: `inset(0 ${(1 - part) * 100}% 0 0)` } : undefined}
    >
      <path d={path} stroke="currentColor" strokeWidth="2" strokeLinecap="round" vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
