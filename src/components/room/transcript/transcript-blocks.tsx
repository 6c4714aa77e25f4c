'use client';

import { useRef, useState, type RefObject } from 'react';
import type { RoomSession } from '@/session/room-session';
import type { TranscriptEntry } from '@/session/messages/transcript';
import { arrangeEntries, type TranscriptBlock } from './arrange-entries';
import { continues, groupOf } from './group-entries';
import { MessageGroup } from './message-group';
import { NewLine } from './new-line';
import { Notice } from './notice';
import { useHeightOutOfSight } from './use-height-out-of-sight';

interface TranscriptBlocksProps {
  ref: RefObject<HTMLDivElement | null>;
  entries: readonly TranscriptEntry[];
  /** Of the entry that has the line "New" above it. */
  newKey: string | null;
  session: RoomSession;
  onDone: () => void;
}

/** The entries in blocks, of which those far out of sight are left out: a long talk costs no more than a short one. */
export function TranscriptBlocks({ ref, entries, newKey, session, onDone }: TranscriptBlocksProps) {
  'use memo';
  const { blocks, pending } = useArranged(entries, newKey);
  return (
    <div ref={ref}>
      {blocks.map((block) => (
        <Block key={block.key} block={block} session={session} onDone={onDone} />
      ))}
      {/* No block: a message that failed keeps its focus, and is not announced again, however the blocks change. */}
      {pending.length > 0 && (
        <ol>
          {pending.map(({ group, isContinued }) => (
            <MessageGroup key={group.key} group={group} isContinued={isContinued} session={session} onDone={onDone} />
          ))}
        </ol>
      )}
    </div>
  );
}

/** The stored entries in blocks, those that did not change being the same objects as before, and one's own messages behind them. */
function useArranged(entries: readonly TranscriptEntry[], newKey: string | null) {
  const [arranged, setArranged] = useState(() => arrange(entries, [], newKey));
  if (arranged.entries === entries && arranged.newKey === newKey) return arranged;
  const next = arrange(entries, arranged.blocks, newKey);
  setArranged(next);
  return next;
}

function arrange(entries: readonly TranscriptEntry[], before: readonly TranscriptBlock[], newKey: string | null) {
  const end = entries.findLastIndex(({ cursor }) => cursor !== undefined) + 1;
  const pending = entries.slice(end).flatMap((entry, index) => {
    if (entry.kind === 'notice') return [];
    const before = entries[end + index - 1];
    return { group: groupOf(entry, before), isContinued: continues(before, entry) };
  });
  return { entries, newKey, blocks: arrangeEntries(entries.slice(0, end), before, newKey), pending };
}

interface BlockProps {
  block: TranscriptBlock;
  session: RoomSession;
  onDone: () => void;
}

function Block({ block, session, onDone }: BlockProps) {
  'use memo';
  const element = useRef<HTMLDivElement>(null);
  const height = useHeightOutOfSight(element);
  return (
    <div ref={element} style={height === null ? undefined : { height }}>
      {height === null && (
        <ol>
          {block.groups.map((group) =>
            group.kind === 'new-line' ? (
              <NewLine key={group.key} />
            ) : group.kind === 'notice' ? (
              <Notice key={group.key} group={group} />
            ) : (
              <MessageGroup key={group.key} group={group} session={session} onDone={onDone} />
            ),
          )}
        </ol>
      )}
    </div>
  );
}
