import 'server-only';
import type { Redis } from '@upstash/redis';
import { PEOPLE_LEASE_MS, PEOPLE_REPORT_GAP_MS } from '@/domain/limits';
import { logError } from '@/server/log';
import { reportPeople } from '@/server/storage/lobby';

interface ReportingProcess {
  redis: Redis;
  processId: string;
}

/**
 * Reports how many people have a stream at this process: a number and nothing else, when the first one comes and then every 20 seconds
 * while there are any. When nobody is left nothing is sent: the last number ends with its lease, as that of a process that died does.
 */
export class PeopleReports {
  readonly #process: ReportingProcess;
  readonly #people: () => number;
  #reportedAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  constructor(process: ReportingProcess, people: () => number) {
    this.#process = process;
    this.#people = people;
  }

  arrived(): void {
    if (this.#timer !== undefined) return;
    const waitMs = Math.max(0, this.#reportedAt + PEOPLE_REPORT_GAP_MS - performance.now());
    this.#timer = setTimeout(() => this.#report(), waitMs).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #report(): void {
    this.#timer = undefined;
    const people = this.#people();
    if (people === 0) return;
    this.#reportedAt = performance.now();
    reportPeople(this.#process.redis, { processId: this.#process.processId, people, leaseMs: PEOPLE_LEASE_MS }).catch(
      (error: unknown) => logError('lobby.people_not_reported', error),
    );
    this.arrived();
  }
}
