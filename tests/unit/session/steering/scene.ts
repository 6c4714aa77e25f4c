import { vi } from 'vitest';
import type { EndReason, Visit } from '@/session/visit';
import { createRunningSession, type RunningSession } from '@/session/running-session';
import { memberIdSchema } from '@/domain/room';
import { FakePage, FakeStorage } from '@tests/unit/client/fake-browser';
import { FakeRoom, ME, OTHER, ROOM_ID } from '../fake-room';
import { browserOf, visitOf } from '../fake-visit';

export { ME, OTHER, ROOM_ID };
export const THIRD = memberIdSchema.parse('ThirdMember00000');
export const NAMES: Readonly<Record<string, string>> = { [ME]: 'Ada', [OTHER]: 'Bo', [THIRD]: 'Cleo' };

export const after = (ms: number) => vi.advanceTimersByTimeAsync(ms);

/** Ada’s page in a room of ten minutes, with as many others in it as the test wants. */
export class Scene {
  readonly room: FakeRoom;
  readonly page = new FakePage();
  readonly storage = new FakeStorage();
  readonly ends: { reason: EndReason; draft: string }[] = [];
  readonly moves: number[] = [];
  session!: RunningSession;

  constructor(lifetimeMs?: number) {
    this.room = new FakeRoom(lifetimeMs);
    this.room.members = this.room.members.map((member) => ({ ...member, name: 'Ada' }));
  }

  /** Opens the page; the parts that come when there is time have arrived. */
  async open(visit: Partial<Visit> = {}): Promise<this> {
    this.session = createRunningSession(
      browserOf(this.room, { page: this.page, storage: this.storage }),
      visitOf(this.room, {
        name: 'Ada',
        onEndMoved: ({ expiresAt }) => this.moves.push(expiresAt),
        onEnd: (reason, draft) => this.ends.push({ reason, draft }),
        ...visit,
      }),
    );
    this.session.start();
    await after(1);
    // A dynamic import takes its own time, which no clock of a test moves.
    await vi.dynamicImportSettled();
    await after(1);
    return this;
  }

  stop(): void {
    this.session.stop();
  }

  /** The notices of the transcript that are about these. */
  notices(...kinds: readonly string[]): string[] {
    return this.session.transcript
      .get()
      .entries.flatMap((entry) => (entry.kind === 'notice' && kinds.includes(entry.notice) ? [entry.notice] : []));
  }

  count(call: FakeRoom['calls'][number]): number {
    return this.room.calls.filter((made) => made === call).length;
  }
}
