import { readFileSync } from 'node:fs';

const SAMPLE_MS = 20;
const MB = 1_024;

/** What a process holds, as Linux counts it. */
interface Resident {
  readonly nowMb: number;
  /** The most it has ever held, however short. */
  readonly peakMb: number;
}

function readResident(pid: number): Resident | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kb = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0);
    return { nowMb: kb('VmRSS') / MB, peakMb: kb('VmHWM') / MB };
  } catch {
    // The process has ended, or this is not Linux: then memory is not judged.
    return undefined;
  }
}

export interface MemoryWatch {
  /** Takes what is held now as the state of rest, from which growth is counted. */
  rest(): void;
  /** The most that was held since over what was held at rest, in MB. */
  growthMb(): number;
  stop(): void;
}

/** Watches the resident memory of a process; past `guardMb` it calls `onGuard`, once. */
export function watchMemory(pid: number, guardMb: number, onGuard: () => void): MemoryWatch {
  let atRest: Resident = { nowMb: 0, peakMb: 0 };
  let highestMb = 0;
  let guarded = false;
  const sample = () => {
    const resident = readResident(pid);
    if (resident === undefined) return;
    // The kernel's own high-water mark sees what lies between two samples, where it is from after the rest.
    highestMb = Math.max(highestMb, resident.nowMb, resident.peakMb > atRest.peakMb ? resident.peakMb : 0);
    if (guarded || resident.nowMb < guardMb) return;
    guarded = true;
    onGuard();
  };
  const timer = setInterval(sample, SAMPLE_MS);
  return {
    rest() {
      atRest = readResident(pid) ?? atRest;
      highestMb = atRest.nowMb;
    },
    growthMb() {
      sample();
      return highestMb - atRest.nowMb;
    },
    stop: () => clearInterval(timer),
  };
}
