import type { RoomView } from '@/client/api';
import type { Answer, Failure } from '@/domain/failure';
import { rememberName } from '@/session/people/own-name';
import type { WireState } from '@/client/line';
import type { EventStream, Farewell } from '@/client/room-stream';
import type { RoomId } from '@/domain/room';
import { createComposer } from '@/session/messages/composer';
import { followExpiry } from './expiry';
import { createHistory, type History } from '@/session/messages/history';
import { createPeople, type People } from '@/session/people/people';
import { createRollCall, type RollCall } from '@/session/people/roll-call';
import { createRoomActions, type RoomActions, type RoomActionsState } from './room-actions';
import type { EndReason } from './visit';
import type { Connection, RoomInfo, RoomSession } from './room-session';
import { createRoomState, type RoomState } from './room-state';
import { timed, type ServerClock } from './server-clock';
import { createSessionEvents, type SessionEvents } from './session-events';
import { createStore, type Readable, type Store } from '@/lib/store';
import { createTranscript } from '@/session/messages/transcript';
import { createUnsent, type Unsent } from '@/session/messages/outbox/unsent';
import { endReasonOf, isGone, maySayGone, type SessionEnvironment, type Visit } from './visit';

const END_REASONS: readonly EndReason[] = [
  'expired',
  'destroyed',
  'gone',
  'removed',
  'displaced',
  'left',
  'signed-out',
];

/** When a server has gone, all its rooms come back at once; their roll calls are spread over this time. */
const ROLL_CALL_SPREAD_MS = 5_000;

/** A session as the page runs it. The stores are there at once; `start` fills them. */
export class RunningSession implements RoomSession {
  readonly roomId: RoomId;
  readonly clock: ServerClock;
  readonly transcript = createTranscript();
  readonly composer = createComposer();
  readonly connection: Store<Connection>;
  readonly info: Store<RoomInfo>;
  readonly actions: Readable<RoomActionsState>;
  readonly clearFailure: RoomActions['clearFailure'];
  readonly leave: RoomActions['leave'];
  readonly destroy: RoomActions['destroy'];
  readonly setLocked: RoomActions['setLocked'];
  readonly putOut: RoomActions['putOut'];
  readonly rename: RoomActions['rename'];
  private readonly forgetLineFailure: () => void;
  private readonly seats: People;
  private readonly events: SessionEvents;
  private readonly rollCall: RollCall;
  private readonly history: History;
  private readonly unsent: Unsent;
  private stream: EventStream | undefined;
  private stopExpiry: (() => void) | undefined;
  private confirming: Promise<Failure | null> | undefined;
  /** Events are taken one after the other, though opening a sealed text takes its time. */
  private work = Promise.resolve();
  private rollCallTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly room: RoomState;
  private name: string;
  private settleName = () => {};
  private over = false;

  constructor(
    private readonly environment: SessionEnvironment,
    private readonly visit: Visit,
  ) {
    const { api, page, storage, random } = environment;
    const { room, seat, voice, clock } = visit;
    const { roomId } = room;
    const self = seat.memberId;
    this.roomId = roomId;
    this.clock = clock.now;
    this.room = createRoomState(room, () => this.show());
    this.name = visit.name;
    this.seats = createPeople(self);
    this.connection = createStore<Connection>({ state: 'connecting', since: clock.now() });
    this.info = createStore(this.describe());

    const onRefused = (failure: Failure) => this.takeRefusal(failure);
    const ownName = () => this.name;
    const named = new Promise<void>((resolve) => (this.settleName = resolve));
    if (visit.nameIsNew) this.settleName();
    const sayName = (name: string) => voice.say({ roomId, memberId: self, messageId: '-', field: 'name' }, name);
    const { seats: people, transcript } = this;
    this.events = createSessionEvents({
      roomId,
      self,
      voice,
      people,
      transcript,
      clock: clock.now,
      onRoom: this.room.change,
      onEnd: (reason) => this.end(reason),
      onOwnName: (name) => this.takeName(name),
    });
    this.rollCall = createRollCall({
      api,
      random,
      roomId,
      self,
      people,
      sayName,
      ownName,
      onRefused,
      openName: this.events.openName,
      onRenamed: this.events.noteRenamings,
      readRoom: () => this.readRoom(),
      onOwnName: (name) => this.takeName(name),
    });
    this.history = createHistory({
      api,
      page,
      random,
      roomId,
      transcript,
      open: this.events.open,
      onRefused: (failure) => {
        // No roll is called before the history is read, and what is written does not wait for that.
        this.settleName();
        onRefused(failure);
      },
      onFault: environment.report,
      onRead: (cursor) => {
        this.stream?.follow(cursor);
        void this.rollCall.read().then(this.settleName);
      },
    });
    this.unsent = createUnsent({
      api,
      storage,
      random,
      room,
      self,
      voice,
      ownName,
      named,
      onRefused,
      clock: clock.now,
      endsAt: () => clock.toBrowserTime(room.expiresAt),
      ownTint: () => people.labelOf(self).tint,
      onPending: transcript.setPending,
      onStored: (placed) => transcript.put([placed]),
    });
    ({
      state: this.actions,
      clearFailure: this.clearFailure,
      leave: this.leave,
      destroy: this.destroy,
      setLocked: this.setLocked,
      putOut: this.putOut,
      rename: this.rename,
      forgetLineFailure: this.forgetLineFailure,
    } = createRoomActions({
      api,
      roomId,
      sayName,
      onRefused,
      lockRoom: (locked) => this.room.take(api.lockRoom(roomId, locked), (changed) => changed),
      onDone: {
        left: () => this.end('left'),
        destroyed: () => this.end('destroyed'),
        renamed: (name) => {
          this.takeName(name);
          people.rename(self, name);
        },
      },
    }));
    people.list.subscribe(() => this.show());
  }

  get people() {
    return this.seats.list;
  }

  start(): void {
    const { page, openStream } = this.environment;
    this.stopExpiry = followExpiry(this.room.get().expiresAt, this.clock, page, () => this.end('expired'));
    this.stream = openStream(this.roomId, {
      onEvent: (event) => {
        this.work = this.work
          .then(() => (this.over ? undefined : this.events.apply(event)))
          .catch((fault: unknown) => this.passOver(fault));
      },
      onState: (state) => this.takeWireState(state),
      onAfresh: () => this.history.readAfresh(),
      onRefused: () => void this.confirmAndGoOn(),
      onFarewell: (farewell) => {
        if (farewell.memberId !== this.visit.seat.memberId) return;
        const reason = END_REASONS.find((candidate) => candidate === farewell.reason);
        // Who said it has told all the others.
        if (reason !== undefined) this.end(reason, false);
      },
    });
    void this.unsent.recall();
    if (this.visit.nameIsNew) void this.rollCall.tellName();
    this.history.read();
  }

  /** Stops following the room; the seat is kept. */
  stop(): void {
    this.over = true;
    this.release();
    this.stream?.close();
  }

  /** Looks whether room and seat still are, and ends if not. The failure when there was no telling, else null. */
  confirm(): Promise<Failure | null> {
    this.confirming ??= this.look().finally(() => {
      this.confirming = undefined;
    });
    return this.confirming;
  }

  readonly readTranscriptAgain = () => this.history.read();
  readonly setDraft = (draft: string) => this.composer.setDraft(draft);
  readonly retry = (messageId: string) => this.unsent.retry(messageId);

  readonly send = () => {
    const { draft, fault } = this.composer.get();
    if (fault !== null || this.over) return;
    this.composer.setDraft('');
    this.unsent.send(draft);
    // Who writes waits for an answer.
    this.stream?.hurry();
  };

  readonly edit = (messageId: string) => {
    const text = this.unsent.take(messageId);
    if (text !== null) this.composer.putBack(text);
  };

  readonly discard = (messageId: string) => {
    this.unsent.take(messageId);
  };

  private describe(): RoomInfo {
    const { seat, voice, link } = this.visit;
    const seated = this.seats.list.get();
    const isRead = seated.length > 0;
    const room = this.room.get();
    // Until the seats have been read, what the room says of their number stands; oneself is here for sure.
    const counts = isRead
      ? { members: seated.length, here: seated.filter(({ here }) => here).length }
      : { here: Math.max(1, room.here) };
    const owner = isRead ? this.seats.ownerId() === seat.memberId : seat.owner;
    return {
      room: { ...room, ...counts },
      you: { memberId: seat.memberId, owner, name: this.name },
      safetyPhrase: voice.safetyPhrase,
      link,
    };
  }

  private show(): void {
    if (!this.over) this.info.set(this.describe());
  }

  private async readRoom(): Promise<Answer<RoomView>> {
    const { clock, seat } = this.visit;
    const { value: answer, at } = await timed(
      this.room.take(this.environment.api.readRoom(this.roomId), ({ you: _you, ...room }) => room),
    );
    if (this.over || !answer.ok) return answer;
    clock.measure(answer.value.now, at);
    const { you } = answer.value;
    if (you === null) this.end('signed-out');
    // Another tab of this browser has joined again: nothing has ended for anyone.
    else if (you.memberId !== seat.memberId) this.visit.onReseated(this.finish());
    return answer;
  }

  private takeName(name: string): void {
    this.name = name;
    rememberName(this.environment.storage, name);
    this.show();
  }

  private takeWireState(state: WireState): void {
    if (this.over) return;
    const before = this.connection.get().state;
    this.connection.set({ state, since: this.clock() });
    if (state === 'live') this.forgetLineFailure();
    // Before the first attempt has ended there is no reason to think that the line is down.
    if (state !== 'connecting') this.unsent.setLine(state === 'live');
    clearTimeout(this.rollCallTimer);
    // What was lost, and how much with it, nobody knows. A renewal as planned comes here not at all: it resumes by its
    // cursor, the stream begins with who is here, and nothing else is asked for.
    if (state === 'live' && before !== 'connecting') {
      this.rollCallTimer = setTimeout(() => void this.rollCall.read(), this.environment.random() * ROLL_CALL_SPREAD_MS);
    }
  }

  /** What an event cannot be applied for is a fault of ours. The events behind it go on, and what it said may be read. */
  private passOver(fault: unknown): void {
    this.environment.report(fault);
    if (!this.over) this.history.readAfresh();
  }

  private takeRefusal(failure: Failure): void {
    if (maySayGone(failure)) void this.confirm();
  }

  private async look(): Promise<Failure | null> {
    const answer = await this.readRoom();
    if (this.over || answer.ok) return null;
    if (!isGone(answer.failure)) return answer.failure;
    this.end(endReasonOf(this.room.get().expiresAt, this.clock));
    return null;
  }

  /** The stream was refused for good; when room and seat are there all the same, it is opened anew. */
  private async confirmAndGoOn(): Promise<void> {
    await this.confirm();
    if (!this.over) this.history.readAfresh();
  }

  private end(reason: EndReason, isNews = true): void {
    if (this.over) return;
    const { memberId } = this.visit.seat;
    this.visit.onEnd(reason, this.finish(isNews ? { reason, memberId } : undefined));
  }

  /** Clears what was seen; answers all that stood unsent. */
  private finish(farewell?: Farewell): string {
    this.over = true;
    const unsent = [...this.unsent.texts(), this.composer.get().draft].filter((text) => text.trim() !== '').join('\n');
    this.release();
    this.stream?.close(farewell);
    this.seats.clear();
    this.transcript.clear();
    this.composer.setDraft('');
    this.connection.set({ state: 'ended', since: this.clock() });
    return unsent;
  }

  private release(): void {
    this.stopExpiry?.();
    clearTimeout(this.rollCallTimer);
    this.history.stop();
    this.rollCall.stop();
    this.unsent.stop();
  }
}
