'use client';

import { useRef, useState, type ReactNode, type RefObject } from 'react';
import { keyOf } from '@/domain/arrived';
import type { RoomSession } from '@/session/room-session';
import type { TranscriptEntry } from '@/session/messages/transcript';
import type { TranscriptBlock } from './arrange-entries';
import { arrangeParts, NOTHING_ARRANGED } from './arrange-parts';
import { IgnoredLine } from './ignored-line';
import { MessageGroup } from './message-group';
import { NewLine } from './new-line';
import { Notice } from './notice';
import { RefusedMessages } from './refused-messages';
import { useHeightOutOfSight } from './use-height-out-of-sight';

interface TranscriptBlocksProps {
  ref: RefObject<HTMLDivElement | null>;
  entries: readonly TranscriptEntry[];
  /** Of the entry that has the line "New" above it. */
  newKey: string | null;
  /** Of the entry that the reader is about to come to. */
  wantedKey: string | null;
  session: RoomSession;
  onDone: () => void;
  /** Lines behind the last entry. */
  children?: ReactNode;
}

/** The entries in blocks, of which those far out of sight are left out: a long talk costs no more than a short one. */
export function TranscriptBlocks({
  ref,
  entries,
  newKey,
  wantedKey,
  session,
  onDone,
  children,
}: TranscriptBlocksProps) {
  'use memo';
  const { parts, coming } = useArranged(entries, newKey);
  return (
    <div ref={ref}>
      {parts.map((part) =>
        'refused' in part ? (
          <RefusedMessages key={part.key} refused={part.refused} session={session} onDone={onDone} />
        ) : (
          <Block key={part.key} block={part} isWanted={hasKey(part, wantedKey)} session={session} onDone={onDone} />
        ),
      )}
      {coming.length > 0 && (
        <ol key="coming">
          {coming.map((group) => (
            <MessageGroup key={group.key} group={group} session={session} onDone={onDone} />
          ))}
        </ol>
      )}
      {children}
    </div>
  );
}

const hasKey = ({ entries }: TranscriptBlock, key: string | null): boolean =>
  key !== null && entries.some((entry) => keyOf(entry) === key);

function useArranged(entries: readonly TranscriptEntry[], newKey: string | null) {
  const [arranged, setArranged] = useState(() => arrangeParts(entries, NOTHING_ARRANGED, newKey));
  if (arranged.entries === entries && arranged.newKey === newKey) return arranged;
  const next = arrangeParts(entries, arranged, newKey);
  setArranged(next);
  return next;
}

interface BlockProps {
  block: TranscriptBlock;
  isWanted: boolean;
  session: RoomSession;
  onDone: () => void;
}

function Block({ block, isWanted, session, onDone }: BlockProps) {
  'use memo';
  const element = useRef<HTMLDivElement>(null);
  const height = useHeightOutOfSight(element, isWanted);
  return (
    <div ref={element} style={height === null ? undefined : { height }}>
      {height === null && (
        <ol>
          {block.groups.map((group) =>
            group.kind === 'new-line' ? (
              <NewLine key={group.key} />
            ) : group.kind === 'notice' && group.entry.notice === 'ignored' ? (
              <IgnoredLine key={group.key} group={group} session={session} />
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
