import 'server-only';
import { takeMovedEnd } from '@/server/storage/moved-ends';
import { hashCredential } from '@/server/auth/tokens';

/**
 * The end of a member’s room, where that has moved since it was made and the storage has just confirmed their credential; null where there is
 * nothing new to say. `leftMs` counts from now.
 */
export function movedEndFor(token: string): { expiresAt: number; leftMs: number } | null {
  const end = takeMovedEnd(hashCredential(token));
  return end === null ? null : { expiresAt: end.expiresAt, leftMs: end.endsAt - performance.now() };
}
