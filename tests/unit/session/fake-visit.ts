import { expect } from 'vitest';
import { createMeasuredClock } from '@/session/server-clock';
import type { SessionEnvironment, Visit } from '@/session/visit';
import { FakePage, FakeStorage } from '@tests/unit/client/fake-browser';
import { ME, type FakeRoom } from './fake-room';

/** The visit of this browser's member, with all that differs from that of a member whose name is known. */
export function visitOf(room: FakeRoom, visit: Partial<Visit> = {}): Visit {
  const clock = createMeasuredClock();
  clock.measure(room.now(), Date.now());
  return {
    room: room.view(),
    seat: { memberId: ME, owner: room.owner === ME },
    identity: null,
    keys: null,
    lowestEpoch: 0,
    name: 'Quiet Otter',
    nameIsNew: false,
    clock,
    linkOf: () => '',
    onSecret: () => undefined,
    onEndMoved: () => undefined,
    onEnd: () => undefined,
    onReseated: () => undefined,
    ...visit,
  };
}

/** A browser in front of the room, with all that differs from a new one. A fault that it reports fails the test. */
export function browserOf(
  { api, openStream }: FakeRoom,
  browser: Partial<SessionEnvironment> = {},
): SessionEnvironment {
  return {
    api,
    openStream,
    page: new FakePage(),
    storage: new FakeStorage(),
    random: () => 0.5,
    report: (fault) => expect.fail(String(fault)),
    ...browser,
  };
}
