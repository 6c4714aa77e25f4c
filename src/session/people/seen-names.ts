import type { MemberId } from '@/domain/room';
import { namesake } from '@/domain/text-rules';

export interface SeenNames {
  /** Returns whether the seat was never seen under this name before. `timestamp`: of the message that carried it. */
  readonly note: (memberId: MemberId, name: string, timestamp: number) => boolean;
  /** When a message last carried another name of this seat; -Infinity when none did. */
  readonly lastUnderAnother: (memberId: MemberId, name: string | null) => number;
  readonly clear: () => void;
}

/** All names that seats were seen under, and when a message last carried each. */
export function createSeenNames(): SeenNames {
  const seats = new Map<MemberId, Map<string, number>>();
  return {
    note: (memberId, name, timestamp) => {
      const names = seats.get(memberId) ?? new Map<string, number>();
      seats.set(memberId, names);
      const key = namesake(name);
      const last = names.get(key);
      names.set(key, Math.max(timestamp, last ?? -Infinity));
      return last === undefined;
    },
    lastUnderAnother: (memberId, name) => {
      const key = name === null ? null : namesake(name);
      return Math.max(
        -Infinity,
        ...[...(seats.get(memberId) ?? [])].flatMap(([other, at]) => (other === key ? [] : [at])),
      );
    },
    clear: () => seats.clear(),
  };
}
