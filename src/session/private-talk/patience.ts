import type { Rate } from '@/domain/limits';
import type { MemberId } from '@/domain/room';

/** Counts what each member does, and says whether one more is within the rate. Anything beyond it is not counted. */
export function createPatience({ max, windowMs }: Rate): (memberId: MemberId) => boolean {
  const times = new Map<MemberId, number[]>();
  return (memberId) => {
    const now = Date.now();
    const recent = (times.get(memberId) ?? []).filter((at) => now - at < windowMs);
    if (recent.length < max) recent.push(now);
    else return false;
    times.set(memberId, recent);
    return true;
  };
}
