import { compareCursors, CURSOR_START, type Cursor } from './message';

/** As many of one's own messages may be stored before the page hears what others said before them. */
const OWN_MAX = 50;

/** A line of a talk, as far as it matters for where a reader is. */
export interface TalkLine {
  readonly kind: 'message' | 'notice';
  readonly id: string;
  /** Of a message, as two may have the same id. */
  readonly key?: string;
  /** Missing while one's own message is not stored. */
  readonly cursor?: Cursor;
  readonly self: boolean;
  /** Of a message. */
  readonly state?: string;
  /** The kind of a notice. */
  readonly notice?: string;
}

/** How far a reader is in the room's stream, whatever is taken back later. */
export interface Position {
  readonly cursor: Cursor;
  /** Of what stands there, and of one's own messages that come after it or are not stored yet. */
  readonly keys: ReadonlySet<string>;
}

/** No other line has it. */
export const keyOf = ({ key, id }: Pick<TalkLine, 'key' | 'id'>): string => key ?? id;

const isOwn = (line: TalkLine) => line.kind === 'message' && line.self;
const isRefused = (line: TalkLine) => line.state === 'failed';
/** The page says so itself, once; whether the notice comes with the history or after it depends on which answer is first. */
const isOwnJoining = (line: TalkLine) => line.notice === 'joined' && line.self;

/** The end of these lines, by which `arrivedSince` and `hasWrittenSince` find later what is new. */
export function endOf(lines: readonly TalkLine[]): Position {
  const keys = new Set<string>();
  let cursor = CURSOR_START;
  let isFound = false;
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    const line = lines[index];
    if (line === undefined || (isFound && line.cursor !== cursor)) break;
    keys.add(keyOf(line));
    cursor = line.cursor ?? cursor;
    isFound ||= !isOwn(line) || keys.size > OWN_MAX;
  }
  return { cursor, keys };
}

/** The lines behind a position, oldest first. */
function newerThan<Line extends TalkLine>({ cursor, keys }: Position, lines: readonly Line[]): readonly Line[] {
  let begin = lines.length;
  for (; begin > 0; begin -= 1) {
    const at = lines[begin - 1]?.cursor;
    if (at !== undefined && compareCursors(at, cursor) < 0) break;
  }
  return lines.slice(begin).filter((line) => !keys.has(keyOf(line)));
}

/** The lines behind a position, oldest first, without one’s own messages and one’s own joining. */
export const arrivedSince = <Line extends TalkLine>(position: Position, lines: readonly Line[]): readonly Line[] =>
  newerThan(position, lines).filter((line) => !isOwn(line) && !isOwnJoining(line));

/** Whether one has just written a message: one's own from an earlier page does not count, nor one that stays where it was refused. */
export const hasWrittenSince = (position: Position, lines: readonly TalkLine[]): boolean =>
  newerThan(position, lines).some((line) => isOwn(line) && !isRefused(line));
