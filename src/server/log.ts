import 'server-only';

type Level = 'info' | 'warn' | 'error';
/** What a line may say beside its event: measures and fixed words, never anything of a room or a person. */
type Fields = Record<string, number | boolean | string>;

/** One line of JSON a moment. `event` is a fixed word, so that lines can be counted. */
export function log(level: Level, event: string, fields: Fields = {}): void {
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), level, event, ...fields })}\n`);
}

/** The places that an error passed through. They stand behind its message, which may look like places itself. */
function framesOf({ stack = '', message }: Error): string[] {
  const start = stack.indexOf(message);
  const frames = start < 0 ? '' : stack.slice(start + message.length);
  return frames
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '));
}

/**
 * An error that nobody expected. Its message may quote what a person wrote, so only its kind and the
 * places it passed through are written down.
 */
export function logError(event: string, error: unknown): void {
  const kind = error instanceof Error ? error.name : typeof error;
  const frames = error instanceof Error ? framesOf(error) : [];
  log('error', event, { kind: /^\w+$/.test(kind) ? kind : 'Error', at: frames.slice(0, 6).join(' < ') });
}
