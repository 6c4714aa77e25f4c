import type { RoomView } from '@/client/api';
import type { Answer } from '@/domain/failure';
import { forgetLostSeat, recallLostSeat, rememberLostSeat, type LostSeat } from './lost-seat';
import { forgetOutbox } from '@/session/messages/outbox/outbox-storage';
import { recallName, rememberName } from '@/session/people/own-name';
import type { PageSignal } from '@/client/page-signals';
import { readFragment } from '@/crypto/fragment';
import { canSeal, deriveRoomKeys } from '@/crypto/sealing';
import { plainVoice, sealedVoice, type Voice } from '@/crypto/voice';
import { suggestName } from '@/domain/names';
import { roomIdSchema, type Room, type RoomId, type Seat } from '@/domain/room';
import { nameFault } from '@/domain/text-rules';
import { followExpiry } from '@/session/expiry';
import type { Door, RoomScreen } from './room-screen';
import type { EndReason } from '@/session/visit';
import { createRunningSession, type RunningSession } from '@/session/running-session';
import { createMeasuredClock, timed, type Timed } from '@/session/server-clock';
import { createStore, type Readable } from '@/lib/store';
import { endReasonOf, isGone, type SessionEnvironment } from '@/session/visit';

/** A guest at the door sees seats taken and locks turned at least this often. */
const DOOR_POLL_MS = 10_000;

export interface PageEnvironment extends SessionEnvironment {
  /** The first look at a room, which a cache may know from making it. */
  readonly readRoom: (roomId: RoomId) => Promise<Timed<Answer<RoomView>>>;
  /** Clears what caches hold of a room. */
  readonly forget: (roomId: RoomId) => void;
  readonly address: {
    /** The fragment as `location.hash` has it. */
    readonly hash: () => string;
    /** The whole link. */
    readonly link: () => string;
    readonly dropFragment: () => void;
    /** Tells when the fragment was changed by hand: a link pasted over a link loads no new page. */
    readonly follow: (listener: () => void) => () => void;
  };
}

/** After these the room goes on without this person, who may come back: the key stays in the address. */
const MAY_JOIN_AGAIN: readonly EndReason[] = ['left', 'displaced', 'signed-out'];

type Trouble = 'insecure-context' | 'key-missing' | 'key-wrong';

/** The page of one room, from the first look to its end. */
export class RoomPage {
  private readonly store = createStore<RoomScreen>({ state: 'loading' });
  private readonly roomId: RoomId | null;
  private readonly clock = createMeasuredClock();
  private session: RunningSession | undefined;
  private leaveDoor: (() => void) | undefined;
  /** What stood unsent when the seat was lost, for the next one. */
  private draft = '';
  /** Of the last room that was seen: where its end is found later, and whether its address alone opens it. */
  private expiresAt = 0;
  private keyless = false;
  /** Counts what was begun: an answer to something that was begun before is late, and nobody's. */
  private turn = 0;

  constructor(
    roomId: string,
    private readonly environment: PageEnvironment,
  ) {
    const parsed = roomIdSchema.safeParse(roomId);
    this.roomId = parsed.success ? parsed.data : null;
  }

  get screen(): Readable<RoomScreen> {
    return this.store;
  }

  /** Begins, and answers how to stop. Both may be done again. */
  readonly start = (): (() => void) => {
    const { page, address } = this.environment;
    const { roomId } = this;
    if (roomId === null) {
      this.store.set({ state: 'not-found' });
      return () => undefined;
    }
    const unfollow = page.follow((signal) => this.takeSignal(roomId, signal));
    const unfollowAddress = address.follow(() => void this.look(roomId));
    void this.look(roomId);
    return () => {
      unfollow();
      unfollowAddress();
      this.clear();
    };
  };

  private clear(): number {
    this.session?.stop();
    this.session = undefined;
    this.leaveDoor?.();
    this.leaveDoor = undefined;
    this.store.set({ state: 'loading' });
    this.turn += 1;
    return this.turn;
  }

  /** Looks at the room as if the page had just been loaded; `asked`, by a control that goes away with its screen. */
  private async look(roomId: RoomId, asked = false): Promise<void> {
    const turn = this.clear();
    const lost = this.lostSeat(roomId);
    if (lost !== null) {
      this.keyless = lost.keyless === true;
      this.showEnd(roomId, lost.reason, this.draft);
      return;
    }
    const { value: answer, at } = await this.environment.readRoom(roomId);
    if (turn !== this.turn) return;
    if (!answer.ok) {
      const { draft } = this;
      if (!isGone(answer.failure)) {
        this.store.set({
          state: 'unreachable',
          failure: answer.failure,
          draft,
          retry: () => void this.look(roomId, true),
        });
      } else if (draft === '') {
        this.letGo(roomId);
        this.environment.address.dropFragment();
        this.store.set({ state: 'not-found' });
        // The front page, where "not found" leads, would not have what was written.
      } else this.end(roomId, endReasonOf(this.expiresAt, this.clock.now), draft);
      return;
    }
    const { you, ...room } = answer.value;
    this.clock.measure(room.now, at);
    const voice = await this.voiceFor(room);
    if (turn !== this.turn) return;
    if (typeof voice === 'string') this.store.set({ state: voice, draft: this.draft });
    else if (you === null) this.openDoor(room, voice, asked);
    else this.enter(room, you, voice, this.ownName(), false);
  }

  /** How this tab lost its seat, if it is still on that page. The key goes with a removal, so that a link that has it was opened anew. */
  private lostSeat(roomId: RoomId): LostSeat | null {
    const { storage, address } = this.environment;
    const lost = recallLostSeat(storage, roomId, Date.now());
    return lost?.reason === 'removed' && readFragment(address.hash()) !== 'missing' ? null : lost;
  }

  /** Told before anyone joins: without the right key there is nothing to hear, and nothing may be said. */
  private async voiceFor(room: Room): Promise<Voice | Trouble> {
    const secret = readFragment(this.environment.address.hash());
    // A link with a key promises a sealed room. A server that says otherwise is not given plain text.
    if (!room.sealed) return secret === 'missing' ? plainVoice(room) : 'key-wrong';
    if (!canSeal()) return 'insecure-context';
    if (secret === 'missing') return 'key-missing';
    if (secret === 'malformed') return 'key-wrong';
    const keys = await deriveRoomKeys(secret);
    return keys.keyCheck === room.keyCheck ? sealedVoice(keys) : 'key-wrong';
  }

  private ownName(): string {
    const { storage, random } = this.environment;
    const recalled = recallName(storage);
    const name = recalled !== null && nameFault(recalled) === null ? recalled : suggestName(random);
    rememberName(storage, name);
    return name;
  }

  private openDoor(room: Room, voice: Voice, focused: boolean): void {
    const { page } = this.environment;
    const { roomId } = room;
    const refresh = () => void this.refreshDoor(roomId, voice);
    const poll = setInterval(() => {
      if (page.isVisible()) refresh();
    }, DOOR_POLL_MS);
    const unfollow = page.follow((signal) => {
      if (signal === 'visible' || signal === 'online') refresh();
    });
    const stopExpiry = followExpiry(room.expiresAt, this.clock.now, page, () =>
      this.end(roomId, 'expired', this.draft),
    );
    this.leaveDoor = () => {
      clearInterval(poll);
      unfollow();
      stopExpiry();
    };
    this.store.set({
      state: 'door',
      room,
      clock: this.clock.now,
      suggestedName: this.ownName(),
      joining: false,
      failure: null,
      draft: this.draft,
      focused,
      join: (name) => void this.join(roomId, voice, name),
      refresh,
    });
  }

  private updateDoor(change: Partial<Omit<Door, 'state'>>): void {
    const screen = this.store.get();
    if (screen.state === 'door') this.store.set({ ...screen, ...change });
  }

  private async refreshDoor(roomId: RoomId, voice: Voice): Promise<void> {
    const { turn } = this;
    const { value: answer, at } = await timed(this.environment.api.readRoom(roomId));
    const door = this.store.get();
    if (turn !== this.turn || door.state !== 'door' || door.joining) return;
    if (!answer.ok) {
      if (isGone(answer.failure)) this.end(roomId, endReasonOf(door.room.expiresAt, this.clock.now), this.draft);
      return;
    }
    const { you, ...room } = answer.value;
    this.clock.measure(room.now, at);
    // Another tab of this browser has gone in.
    if (you !== null) this.enter(room, you, voice, this.ownName(), false);
    else this.updateDoor({ room });
  }

  private async join(roomId: RoomId, voice: Voice, wished: string): Promise<void> {
    const door = this.store.get();
    if (door.state !== 'door' || door.joining) return;
    const name = wished.trim() === '' ? door.suggestedName : wished.trim();
    if (nameFault(name) !== null) {
      this.updateDoor({ failure: { reason: 'invalid_request' } });
      return;
    }
    this.updateDoor({ joining: true, failure: null });
    const { turn } = this;
    const { value: answer, at } = await timed(this.environment.api.joinRoom(roomId));
    if (turn !== this.turn) return;
    if (answer.ok) {
      const { memberId, owner, ...room } = answer.value;
      this.clock.measure(room.now, at);
      rememberName(this.environment.storage, name);
      this.enter(room, { memberId, owner }, voice, name, true);
    } else if (isGone(answer.failure)) {
      this.end(roomId, endReasonOf(door.room.expiresAt, this.clock.now), this.draft);
    } else {
      this.updateDoor({ joining: false, failure: answer.failure });
      void this.refreshDoor(roomId, voice);
    }
  }

  private enter(room: Room, seat: Seat, voice: Voice, name: string, nameIsNew: boolean): void {
    const { clock, environment } = this;
    this.leaveDoor?.();
    this.leaveDoor = undefined;
    // What the cache knows is from before.
    environment.forget(room.roomId);
    forgetLostSeat(environment.storage, room.roomId);
    this.expiresAt = room.expiresAt;
    this.keyless = !room.sealed;
    const session = createRunningSession(environment, {
      room,
      seat,
      voice,
      name,
      nameIsNew,
      clock,
      link: environment.address.link(),
      onEnd: (reason, draft) => {
        const endsAt = clock.toBrowserTime(room.expiresAt);
        if (reason === 'removed' || reason === 'displaced') {
          rememberLostSeat(environment.storage, room.roomId, { endsAt, reason, keyless: !room.sealed });
        }
        this.end(room.roomId, reason, draft);
      },
      onReseated: (draft) => {
        this.draft = draft;
        this.letGo(room.roomId);
        void this.look(room.roomId);
      },
    });
    session.setDraft(this.draft);
    this.draft = '';
    this.session = session;
    session.start();
    this.store.set({ state: 'inside', session });
  }

  private takeSignal(roomId: RoomId, signal: PageSignal): void {
    const { state } = this.store.get();
    if (state === 'unreachable' && (signal === 'online' || signal === 'visible')) void this.look(roomId);
    if (state === 'ended' || state === 'not-found') return;
    // The picture of a page in the back/forward cache would be shown before anyone can check it.
    if (signal === 'left') this.store.set({ state: 'loading' });
    if (signal === 'restored') void (this.session === undefined ? this.look(roomId) : this.confirm(this.session));
  }

  private async confirm(session: RunningSession): Promise<void> {
    const { turn } = this;
    const failure = await session.confirm();
    if (turn !== this.turn) return;
    if (failure === null) this.store.set({ state: 'inside', session });
    else this.store.set({ state: 'unreachable', failure, draft: '', retry: () => void this.confirm(session) });
  }

  private end(roomId: RoomId, reason: EndReason, draft: string): void {
    this.letGo(roomId);
    this.showEnd(roomId, reason, draft);
  }

  private showEnd(roomId: RoomId, reason: EndReason, draft: string): void {
    const { storage, address } = this.environment;
    this.draft = draft;
    if (!MAY_JOIN_AGAIN.includes(reason)) address.dropFragment();
    if (!MAY_JOIN_AGAIN.includes(reason) && !(reason === 'removed' && this.keyless)) {
      this.store.set({ state: 'ended', reason, draft });
      return;
    }
    const joinAgain = () => {
      forgetLostSeat(storage, roomId);
      void this.look(roomId, true);
    };
    this.store.set({ state: 'ended', reason, draft, joinAgain });
  }

  /** Nothing of the room stays on this page, but for the key in its address. */
  private letGo(roomId: RoomId): void {
    this.clear();
    this.environment.forget(roomId);
    forgetOutbox(this.environment.storage, roomId);
  }
}
