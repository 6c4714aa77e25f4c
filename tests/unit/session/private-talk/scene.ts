import { expect } from 'vitest';
import type { MemberId } from '@/domain/room';
import { createRunningSession, type RunningSession } from '@/session/running-session';
import type { Talks } from '@/session/private-talk/private-talk';
import { eventually } from '@tests/support/eventually';
import { FakeTabs, FakeTalkBrowser, talksOf } from '@tests/support/private-talks';
import { SealedRoom, someone, type Someone } from '@tests/support/sealed-room';
import { FakePage, FakeStorage } from '@tests/unit/client/fake-browser';
import { FakeRoom, ME, OTHER } from '@tests/unit/session/fake-room';
import { browserOf, visitOf } from '@tests/unit/session/fake-visit';

/** One person’s browser, with a tab in the room. */
export interface Tab {
  readonly memberId: MemberId;
  readonly browser: FakeTalkBrowser;
  readonly session: RunningSession;
  readonly talks: Talks;
}

/** A room with Ann and Ben in it, whose pages run, and with others if a test seats them. */
export interface Scene {
  readonly room: FakeRoom;
  /** Null in a plain room. */
  readonly sealed: SealedRoom | null;
  readonly ann: Tab;
  readonly ben: Tab;
  /** Another tab of the same browser. */
  readonly openTab: (tab: Tab) => Promise<Tab>;
  readonly faults: unknown[];
  readonly close: () => void;
}

export const KINDS = ['sealed', 'plain'] as const;
export type Kind = (typeof KINDS)[number];

const openTabOf = async (session: RunningSession, memberId: MemberId, browser: FakeTalkBrowser, members: number) => {
  await eventually(() => expect(session.people.get()).toHaveLength(members));
  await eventually(() => expect(session.connection.get().state).toBe('live'));
  return { memberId, session, browser, talks: await talksOf(session) };
};

/** Ann’s is the browser in front of the room. */
export async function openScene(kind: Kind): Promise<Scene> {
  const faults: unknown[] = [];
  const sessions: RunningSession[] = [];
  const sealed = kind === 'sealed' ? await SealedRoom.open() : null;
  const room = sealed?.room ?? new FakeRoom();
  if (sealed === null) room.join(OTHER, 'Ben');

  function start(memberId: MemberId, browser: FakeTalkBrowser, who: Someone | null): Promise<Tab> {
    const inFront = memberId === (sealed?.me.memberId ?? ME) ? room : room.browserOf(memberId);
    const environment = {
      api: inFront.api,
      openStream: inFront.openStream,
      page: new FakePage(),
      storage: new FakeStorage(),
      report: (fault: unknown) => faults.push(fault),
      loadPrivateTalk: browser.load,
    };
    const seat = { memberId, owner: room.owner === memberId };
    const session =
      sealed === null || who === null
        ? createRunningSession(browserOf(room, environment), visitOf(room, { seat }))
        : sealed.openSession({ seat, identity: who.identity, name: who.name }, environment);
    if (sealed === null) session.start();
    sessions.push(session);
    return openTabOf(session, memberId, browser, room.members.length);
  }

  const ids = { ann: sealed?.me.memberId ?? ME, ben: sealed?.other.memberId ?? OTHER };
  const whoIs = (memberId: MemberId) => (sealed === null ? null : memberId === ids.ann ? sealed.me : sealed.other);
  const ann = await start(ids.ann, new FakeTalkBrowser(), whoIs(ids.ann));
  const ben = await start(ids.ben, new FakeTalkBrowser(new FakeTabs()), whoIs(ids.ben));
  return {
    room,
    sealed,
    ann,
    ben,
    faults,
    openTab: ({ memberId, browser }) => start(memberId, browser, whoIs(memberId)),
    close: () => {
      for (const session of sessions) session.stop();
    },
  };
}

/** Somebody else sits down, whose page the test plays. */
export async function seatSomebody({ sealed, room, ann, ben }: Scene, name: string): Promise<MemberId> {
  let memberId: MemberId;
  if (sealed !== null) {
    const person = await someone(name);
    ({ memberId } = person);
    await sealed.seat(person);
  } else {
    memberId = (await someone(name)).memberId;
    room.join(memberId, name);
  }
  const seated = room.members.map((member) => member.memberId);
  for (const tab of [ann, ben].filter((one) => seated.includes(one.memberId)))
    await eventually(() => expect(tab.session.people.get()).toHaveLength(seated.length));
  return memberId;
}

export const heardBy = ({ room }: Scene, memberId: MemberId) => room.whispers.filter(({ to }) => to === memberId);
