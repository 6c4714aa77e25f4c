import { purgeUploads } from '@/session/files/kept-uploads';
import { purgeDrafts } from '@/session/messages/kept-draft';
import { purgeOutboxes } from '@/session/messages/outbox/outbox-storage';
import { purgeIgnored } from '@/session/people/kept-ignored';
import { browserIdentities } from './browser-identities';
import { lastingStorage, tabStorage } from './browser-storage';
import { purgeKnocks } from './knock-note';
import { purgeLostSeats } from './lost-seat';
import { purgeStay } from './stay';

/** Removes from this tab's storage, and from the browser's, its keys included, what is left of rooms that have ended. Every page load does. */
export function purgeLeftBehind(): void {
  const storage = tabStorage();
  const now = Date.now();
  for (const shelf of [storage, lastingStorage()?.storage]) {
    if (shelf === undefined) continue;
    purgeOutboxes(shelf, now);
    purgeDrafts(shelf, now);
    purgeUploads(shelf, now);
    purgeIgnored(shelf, now);
  }
  purgeKnocks(storage, now);
  purgeLostSeats(storage, now);
  purgeStay(storage, now);
  void browserIdentities().purge(now);
}
