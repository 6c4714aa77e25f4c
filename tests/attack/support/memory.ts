import { readFileSync } from 'node:fs';

const SAMPLE_MS = 20;
const MB = 1_024;

/** The resident memory of a process, as Linux counts it. */
interface Resident {
  readonly nowMb: number;
  /** The most it has ever held, however briefly. */
  readonly peakMb: number;
}

function readResident(pid: number): Resident | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kb = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0);
    return { nowMb: kb('VmRSS') / MB, peakMb: kb('VmHWM') / MB };
  } catch {
    // The process has ended, or this is not Linux. Then its memory is not judged.
    return undefined;
  }
}

export interface MemoryWatch {
  /** Takes the memory held now as the state of rest, from which growth is counted. */
  rest(): void;
  /** By how many MB the peak since then exceeds the state of rest. */
  growthMb(): number;
  stop(): void;
}

/** Watches the resident memory of a process. When it passes `guardMb`, `onGuard` is called once. */
export function watchMemory(pid: number, guardMb: number, onGuard: () => void): MemoryWatch {
  let atRest: Resident = { nowMb: 0, peakMb: 0 };
  let highestMb = 0;
  let guarded = false;
  const sample = () => {
    const resident = readResident(pid);
    if (resident === undefined) return;
    // The kernel's own high-water mark includes peaks between two samples, but it helps only if it rose after the state
    // of rest.
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
