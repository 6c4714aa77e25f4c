import type { RoomOffer } from '@/domain/content';
import type { TranscriptEntry } from './messages/transcript';
import type { Person } from './people/roster';

/** The new room that the owner offered last. A link that anybody else sends is a link. */
export function ownersOffer(entries: readonly TranscriptEntry[], people: readonly Person[]): RoomOffer | null {
  const owner = people.find((person) => person.owner)?.memberId;
  for (let index = entries.length - 1; index >= 0; index -= 1) {
    const entry = entries[index];
    if (entry?.kind !== 'message' || entry.offer === undefined || entry.leaving !== undefined) continue;
    if (entry.memberId === owner) return entry.offer;
  }
  return null;
}
