'use client';

import { useRef, useState, type RefObject } from 'react';
import type { RoomSession } from '@/session/room-session';
import type { TranscriptEntry } from '@/session/messages/transcript';
import type { TranscriptBlock } from './arrange-entries';
import { arrangeParts, NOTHING_ARRANGED } from './arrange-parts';
import { groupOf } from './group-entries';
import { MessageGroup } from './message-group';
import { Notice } from './notice';
import { RefusedMessages } from './refused-messages';
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
  const { parts, coming } = useArranged(entries);
  return (
    <div ref={ref}>
      {parts.map((part) =>
        'refused' in part ? (
          <RefusedMessages key={part.key} refused={part.refused} session={session} onDone={onDone} />
        ) : (
          <Block key={part.key} block={part} session={session} onDone={onDone} />
        ),
      )}
      {coming.length > 0 && (
        <ol key="coming">
          {coming.map(({ entry, isContinued }) => (
            <MessageGroup
              key={entry.key}
              group={groupOf(entry)}
              isContinued={isContinued}
              session={session}
              onDone={onDone}
            />
          ))}
        </ol>
      )}
    </div>
  );
}

function useArranged(entries: readonly TranscriptEntry[]) {
  const [arranged, setArranged] = useState(() => arrangeParts(entries, NOTHING_ARRANGED));
  if (arranged.entries === entries) return arranged;
  const next = arrangeParts(entries, arranged);
  setArranged(next);
  return next;
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
            group.kind === 'notice' ? (
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
