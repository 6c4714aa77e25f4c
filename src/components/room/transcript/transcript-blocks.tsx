'use client';

import { useRef, useState, type RefObject } from 'react';
import type { RoomSession } from '@/session/room-session';
import type { TranscriptEntry } from '@/session/messages/transcript';
import { arrangeEntries, type TranscriptBlock } from './arrange-entries';
import { MessageGroup } from './message-group';
import { Notice } from './notice';
import { useHeightOutOfSight } from './use-height-out-of-sight';

interface TranscriptBlocksProps {
  ref: RefObject<HTMLDivElement | null>;
  entries: readonly TranscriptEntry[];
  session: RoomSession;
  onDone: () => void;
}

/** The entries in blocks, of which those far out of sight are left out: a long talk costs no more than a short one. */
export function TranscriptBlocks({ ref, entries, session, onDone }: TranscriptBlocksProps) {
  'use memo';
  const blocks = useBlocks(entries);
  return (
    <div ref={ref}>
      {blocks.map((block) => (
        <Block key={block.key} block={block} session={session} onDone={onDone} />
      ))}
    </div>
  );
}

/** The blocks, those that did not change being the same objects as before. */
function useBlocks(entries: readonly TranscriptEntry[]): readonly TranscriptBlock[] {
  const [arranged, setArranged] = useState(() => ({ entries, blocks: arrangeEntries(entries, []) }));
  if (arranged.entries === entries) return arranged.blocks;
  const blocks = arrangeEntries(entries, arranged.blocks);
  setArranged({ entries, blocks });
  return blocks;
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
        <ol className="space-y-4 pt-4">
          {block.groups.map((group) =>
            group.kind === 'notice' ? (
              <Notice key={group.key} entry={group.entry} />
            ) : (
              <MessageGroup key={group.key} group={group} session={session} onDone={onDone} />
            ),
          )}
        </ol>
      )}
    </div>
  );
}
