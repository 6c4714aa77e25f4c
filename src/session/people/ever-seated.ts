import type { MemberId } from '@/domain/room';
import type { TranscriptEntry } from '@/session/messages/transcript';
import type { Roster } from './roster';

/** How many people ever had a seat, as far as the list of people and what was read of the transcript say. */
export function countEverSeated(roster: Roster, entries: readonly TranscriptEntry[]): number {
  const seated = new Set<MemberId>(roster.map(({ memberId }) => memberId));
  const movedOn = new Set<MemberId>();
  for (const entry of entries) {
    if (entry.memberId === undefined) continue;
    seated.add(entry.memberId);
    // One person with two ids, of which the other one counts.
    if (entry.kind === 'notice' && entry.notice === 'moved') movedOn.add(entry.memberId);
  }
  return [...seated].filter((memberId) => !movedOn.has(memberId)).length;
}
