import { generate, type Bitmap2D } from 'lean-qr/nano';

/** Readers find a code by the light border around it, which the standard wants four modules wide. */
const QUIET_MODULES = 4;

interface QrCodeProps {
  text: string;
  label: string;
  className?: string;
}

/** Black on white in every theme, since some readers do not take light modules on a dark ground. */
export function QrCode({ text, label, className = '' }: QrCodeProps) {
  'use memo';
  const code = generate(text);
  const size = code.size + 2 * QUIET_MODULES;
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`${-QUIET_MODULES} ${-QUIET_MODULES} ${size} ${size}`}
      shapeRendering="crispEdges"
      className={`forced-color-adjust-none ${className}`}
    >
      <rect x={-QUIET_MODULES} y={-QUIET_MODULES} width={size} height={size} fill="#fff" />
      <path d={outlineOf(code)} fill="#000" />
    </svg>
  );
}

/** The dark modules as one path, a rectangle for each run of them in a row. */
function outlineOf(code: Pick<Bitmap2D, 'size' | 'get'>): string {
  let path = '';
  for (let y = 0; y < code.size; y += 1) {
    for (let x = 0; x < code.size; x += 1) {
      if (!code.get(x, y)) continue;
      const begin = x;
      while (code.get(x + 1, y)) x += 1;
      path += `M${begin} ${y}h${x + 1 - begin}v1H${begin}z`;
    }
  }
  return path;
}
