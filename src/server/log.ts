import 'server-only';

type Level = 'info' | 'warn' | 'error';
/** Besides its event a line may only have measures and fixed words, never anything about a room or a person. */
type Fields = Record<string, number | boolean | string>;

/** Writes one line of JSON. `event` is a fixed word, so lines can be counted. */
export function log(level: Level, event: string, fields: Fields = {}): void {
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), level, event, ...fields })}\n`);
}

/** The places that an error passed through. They follow its message, which may itself look like places. */
function framesOf({ stack = '', message }: Error): string[] {
  const start = stack.indexOf(message);
  const frames = start < 0 ? '' : stack.slice(start + message.length);
  return frames
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '));
}

/**
 * Logs an unexpected error. Its message may quote something a person wrote, so only its kind and the places it passed
 * through are written.
 */
export function logError(event: string, error: unknown): void {
  const kind = error instanceof Error ? error.name : typeof error;
  const frames = error instanceof Error ? framesOf(error) : [];
  log('error', event, { kind: /^\w+$/.test(kind) ? kind : 'Error', at: frames.slice(0, 6).join(' < ') });
}
