import type { TranscriptEntry } from '@/session/messages/transcript';
import { arrangeEntries, type TranscriptBlock } from './arrange-entries';
import { groupOf, type MessagesGroup } from './group-entries';

/** Messages in a row that were refused. */
export interface RefusedRun {
  /** The same as long as one of its messages is there. */
  readonly key: string;
  readonly refused: readonly MessagesGroup[];
}

export interface ArrangedTranscript {
  readonly entries: readonly TranscriptEntry[];
  /** Of the entry that has the line "New" above it. */
  readonly newKey: string | null;
  /**
   * The stored entries in blocks, and between them what was refused. It is in no block: it keeps its focus, and is not announced
   * again, however the blocks change.
   */
  readonly parts: readonly (TranscriptBlock | RefusedRun)[];
  /** One's own messages that will be sent by themselves. */
  readonly coming: readonly MessagesGroup[];
}

export const NOTHING_ARRANGED: ArrangedTranscript = { entries: [], newKey: null, parts: [], coming: [] };

/** Arranges the entries. Blocks of `before` that did not change are the same objects, and runs go on under their keys. */
export function arrangeParts(
  entries: readonly TranscriptEntry[],
  before: ArrangedTranscript,
  newKey: string | null,
): ArrangedTranscript {
  const blocks = before.parts.filter((part) => 'entries' in part);
  const runs = new Set(before.parts.filter((part) => 'refused' in part));
  const parts: (TranscriptBlock | RefusedRun)[] = [];
  const coming: MessagesGroup[] = [];
  let run: MessagesGroup[] = [];
  let begin = 0;

  function endRun() {
    if (run.length > 0) parts.push(runOf(run, runs));
    run = [];
  }

  function endBlocks(end: number) {
    if (end > begin) endRun();
    parts.push(...arrangeEntries(entries.slice(begin, end), blocks, newKey, entries[begin - 1]));
    begin = end + 1;
  }

  entries.forEach((entry, index) => {
    if (entry.kind === 'notice' || entry.cursor !== undefined) return;
    endBlocks(index);
    const unsent = groupOf(entry, entries[index - 1]);
    if (entry.state === 'failed') run.push(unsent);
    else coming.push(unsent);
  });
  endBlocks(entries.length);
  endRun();
  return { entries, newKey, parts, coming };
}

/** The run goes on that one of the messages stood in, so that what is left of it stays as it is when its first one goes. */
function runOf(refused: readonly MessagesGroup[], before: Set<RefusedRun>): RefusedRun {
  const keys = new Set(refused.map(({ key }) => key));
  const same = [...before].find((run) => run.refused.some(({ key }) => keys.has(key)));
  if (same !== undefined) before.delete(same);
  return { key: same?.key ?? `refused ${refused[0]?.key}`, refused };
}
