import type { MemberId } from '@/domain/room';
import type { RoomSession } from '@/session/room-session';

/** Whoever asks, as far as the page can name them. */
export interface Asker {
  readonly name: string | null;
  readonly memberId?: MemberId | undefined;
  readonly mark?: number | undefined;
}

/** Something that waits for this person's answer: somebody at the door, an offer of a private talk, ten minutes more. */
export interface Request {
  /** The same for as long as the same is asked. */
  readonly key: string;
  readonly kind: 'knock' | 'talk' | 'extension';
  readonly from: Asker;
}

export type AskedRoom = Pick<RoomSession, 'info' | 'knocks' | 'people' | 'privateTalk' | 'proposal'>;

/** The questions to this person that stand in a room now, those at the door first; `look` is called when that may have changed. */
export function followRequests(
  { info, knocks: { atDoor }, people, privateTalk, proposal }: AskedRoom,
  look: () => void,
): { readonly get: () => readonly Request[]; readonly stop: () => void } {
  const person = (id: MemberId): Asker =>
    people.get().find(({ memberId }) => memberId === id) ?? { name: null, memberId: id };

  function proposed(): readonly Request[] {
    const standing = proposal.get();
    if (standing?.missing.includes(info.get().you.memberId) !== true) return [];
    return [{ key: `extension ${standing.until}`, kind: 'extension', from: person(standing.by) }];
  }

  const stops = [atDoor.subscribe(look), proposal.subscribe(look)];
  let isFollowed = false;
  function followTalks() {
    const talks = privateTalk?.get() ?? null;
    if (talks === null || isFollowed) return;
    isFollowed = true;
    stops.push(talks.offers.subscribe(look));
  }
  followTalks();
  if (privateTalk !== null)
    stops.push(
      privateTalk.subscribe(() => {
        followTalks();
        look();
      }),
    );

  return {
    get: () => [
      ...atDoor.get().waiting.map((from) => ({ key: `knock ${from.knockId}`, kind: 'knock', from }) as const),
      ...(privateTalk?.get()?.offers.get() ?? []).map(
        ({ id, from }) => ({ key: `talk ${id}`, kind: 'talk', from: person(from) }) as const,
      ),
      ...proposed(),
    ],
    stop: () => {
      for (const stop of stops) stop();
    },
  };
}
