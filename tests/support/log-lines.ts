import { onTestFinished, vi } from 'vitest';
import * as z from 'zod/mini';

const lineSchema = z.looseObject({ time: z.iso.datetime(), level: z.string(), event: z.string() });

/** A log line as it is written, without its time. */
export type LogLine = Omit<z.infer<typeof lineSchema>, 'time'>;

/** The log lines of this test from here on, as they are written. None of them reaches the terminal. */
export function catchLogLines(): LogLine[] {
  const lines: LogLine[] = [];
  const write = vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
    const { time: _, ...line } = lineSchema.parse(JSON.parse(String(chunk)));
    lines.push(line);
    return true;
  });
  onTestFinished(() => write.mockRestore());
  return lines;
}
