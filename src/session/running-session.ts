import type { EventStream, Farewell } from '@/client/room-stream';
import { memberMark } from '@/crypto/member-mark';
import { createDeferred } from '@/lib/deferred';
import { createStore } from '@/lib/store';
import { createEnding } from './ending';
import { createHistory } from './messages/history';
import { createReading } from './messages/reading';
import { createSpeaking } from './messages/speaking';
import { createFiles } from './files/files';
import { createAroundTheTalk } from './around-the-talk';
import { createLog } from './messages/transcript-store';
import { createPeople } from './people/people';
import { createRollCall } from './people/roll-call';
import { createRoomActions } from './room-actions';
import { followRoomEnd } from './room-end';
import { createRoomInfo } from './room-info';
import type { Connection, RoomSession } from './room-session';
import { createSeatCheck, type SeatCheck } from './seat-check';
import { createContext } from './session-context';
import { createSessionEvents } from './session-events';
import { openSessionStream } from './session-stream';
import { createSignals } from './signals/signals';
import type { Voice } from './keys/voice';
import type { SessionEnvironment, Visit } from './visit';

/** A session as the page runs it. The stores are there at once; `start` fills them. */
export interface RunningSession extends RoomSession, Pick<SeatCheck, 'confirm'> {
  readonly start: () => void;
  /** Stops following the room; the seat is kept. */
  readonly stop: () => void;
}

export function createRunningSession(
  environment: SessionEnvironment,
  visit: Visit,
  voiceOf?: (voice: Voice) => Voice,
): RunningSession {
  const { room, seat, clock } = visit;
  const connection = createStore<Connection>({ state: 'connecting', since: clock.now() });
  const closing = new AbortController();
  const over = closing.signal;
  let stream: EventStream | undefined;
  const parts = () => ({ people, events, seatCheck });
  const { endedBy, ...ending } = createEnding(visit, connection, over, () => ({ stop, people, log, speaking, files }));
  const context = createContext(environment, visit, { connection, over, ...ending, parts }, voiceOf);
  const people = createPeople(seat.memberId);
  const log = createLog(context, people);
  const { heard, answer } = createSignals(context, people, log);
  const events = createSessionEvents(context, people, log, {
    signals: heard,
    onKnocked: () => around.lookAtDoor(),
    onReached: (cursor) => history.reach(cursor),
    onOwn: (id, timestamp) => speaking.noteOwn(id, timestamp),
    onRemoved: (ids) => speaking.outbox.noteRemoved(ids),
  });
  const seatCheck = createSeatCheck(context);
  const rollCall = createRollCall(context, people, seatCheck, events, heard);
  const history = createHistory(context, events.takePage, (cursor) => {
    stream?.follow(cursor);
    rollCall.readOn();
    // From now on the parts that a new key needs are at hand, whatever becomes of the line or of this build.
    context.sealedRoom?.epochs.following.fetch();
    steering.part.fetch();
  });
  const { fail, act, ...actions } = createRoomActions(context, people);
  const around = createAroundTheTalk(context, { people, log, seatCheck, act, fail });
  const { steering } = around;
  // A member who writes waits for an answer.
  const speaking = createSpeaking(context, { people, log, events, steering }, () => stream?.hurry(), fail);
  const files = createFiles(context, speaking.outbox, speaking.giveBack);
  const { stopReading, looking, ...reading } = createReading(context, people, log, speaking, history);
  const { signals, stop: stopSignals } = answer({ looking, composer: speaking.ways.composer });

  function stop(farewell?: Farewell) {
    closing.abort();
    stopReading();
    stopSignals();
    stream?.close(farewell);
  }

  return {
    roomId: room.roomId,
    clock: clock.now,
    info: createRoomInfo(context, visit, people),
    connection,
    people: people.list,
    ...reading,
    ...speaking.ways,
    ...actions,
    ...around.ways,
    files,
    leave: () => files.giveUpThen(() => speaking.settleThen(actions.leave)),
    signals,
    privateTalk: context.privateTalk.talks,
    memberMark: (memberId) => (room.sealed ? createDeferred(() => memberMark(room.roomId, memberId)) : null),
    endedBy,
    confirm: seatCheck.confirm,
    start: () => {
      followRoomEnd(context, visit, log, steering.atEnd);
      stream = openSessionStream(context, connection, events, history, seatCheck, around.lookAgain);
      context.sealedRoom?.epochs.start();
      speaking.recall();
      files.recall();
      if (visit.nameIsNew) rollCall.publishName();
      history.read();
    },
    stop: () => stop(),
  };
}
