import { codePointLength } from '@/lib/code-points';
import { createDeferred, type Deferred } from '@/lib/deferred';
import { createStore, type Readable } from '@/lib/store';
import { keyOf } from '@/domain/arrived';
import { TEXT_CHARACTERS_MAX } from '@/domain/limits';
import { roomIdSchema, type Room } from '@/domain/room';
import type { Files } from '@/session/files/files';
import type { Composer } from '@/session/messages/composer';
import { NOBODY, type DoorState } from '@/session/knocks/door-state';
import type { Destination } from '@/session/messages/going';
import type { Outgoing } from '@/session/messages/outgoing';
import type { Transcript, TranscriptEntry } from '@/session/messages/transcript';
import type { Person } from '@/session/people/roster';
import type { Ask, TalkOffer, Talks } from '@/session/private-talk/private-talk';
import type { RoomActionsState } from '@/session/room-actions';
import type { Connection, RoomInfo, RoomSession } from '@/session/room-session';
import type { SeenMarks } from '@/session/signals/seen-marks';
import type { Proposal } from '@/session/steering';
import type { Unread } from '@/session/unread';
import { clock, NOW } from './moment';
import { noFiles } from './no-files';
import { rowan, you } from './people';

const ROOM_ID = roomIdSchema.parse('Gallery9Room7State5abc');
const SECOND_MS = 1_000;

/** The room that every state starts from: sealed, ten minutes long, eight of them left, two people in it. */
export const room: Room = {
  roomId: ROOM_ID,
  createdAt: NOW - 101 * SECOND_MS,
  expiresAt: NOW + 499 * SECOND_MS,
  now: NOW,
  members: 2,
  here: 2,
  maxMembers: 10,
  sealed: true,
  locked: false,
  entry: 'open',
  listed: false,
  slowModeSeconds: 0,
  signals: { typing: true, seen: true },
  files: null,
};

/** What differs from a room of two people in which nothing has been said yet. */
export interface Circumstances {
  room?: Partial<Room>;
  people?: readonly Person[];
  entries?: readonly TranscriptEntry[];
  transcript?: Partial<Transcript>;
  /** Which of the entries has the line "New" above it. */
  newAt?: number;
  connection?: Connection['state'];
  draft?: string;
  mode?: Composer['mode'];
  muted?: RoomInfo['muted'];
  actions?: Partial<RoomActionsState>;
  outdated?: boolean;
  outgoing?: Partial<Outgoing>;
  destination?: Destination;
  typing?: readonly Person[];
  atDoor?: Partial<DoorState>;
  ignored?: readonly Person[];
  files?: Partial<Files> | undefined;
  proposal?: Proposal;
  isVacant?: boolean;
  slowUntil?: number;
  /** Private talks that were asked for, and those that were offered. */
  asks?: readonly Ask[];
  offers?: readonly TalkOffer[];
  /** People who have read up to an entry, by its index. */
  seen?: Readonly<Record<number, readonly Person[]>>;
}

/** A session that stands still, but for `arrive` and `miss`. */
export interface StillSession extends RoomSession {
  /** More of the talk has come. */
  readonly arrive: (entries: readonly TranscriptEntry[]) => void;
  /** It came while the reader was further up. */
  readonly miss: (unread: Partial<Unread>) => void;
}

/** Fox, sailboat, lemon, trumpet, cactus, socks. */
const SAFETY_PHRASE = Uint8Array.of(5, 159, 86, 147, 62, 226);
/** Turtle, balloon, croissant, telescope, tulip, canoe. */
const MARK = Uint8Array.of(30, 212, 105, 208, 68, 175);
const WRITE: Composer['mode'] = { kind: 'write' };
const nothing = () => undefined;

function composerWith(draft: string, mode: Composer['mode']): Composer {
  const remaining = TEXT_CHARACTERS_MAX - codePointLength(draft);
  const isGone = mode.kind === 'edit' && mode.quote.state === 'taken-back';
  const blank = mode.kind === 'edit' ? 'emptied' : 'blank';
  const fault = isGone ? 'gone' : draft.trim() === '' ? blank : remaining < 0 ? 'too-long' : null;
  return { draft, remaining, mode, fault };
}

function infoOf({ room: changes = {}, people = [you, rowan], muted = null }: Circumstances): RoomInfo {
  const known = {
    ...room,
    members: people.length,
    here: people.filter(({ here }) => here).length,
    ...changes,
  };
  const self = people.find((person) => person.self) ?? you;
  return {
    room: known,
    you: { memberId: self.memberId, owner: self.owner, name: self.name ?? '' },
    safetyPhrase: known.sealed ? SAFETY_PHRASE : null,
    link: `https://mayfly.example/room/${ROOM_ID}${known.sealed ? `#${'Xk3v9Q'.repeat(7)}A` : ''}`,
    muted,
    canRekey: known.sealed,
  };
}

function lineAt({ entries = [], newAt }: Circumstances): string | null {
  const entry = newAt === undefined ? undefined : entries[newAt];
  return entry === undefined ? null : keyOf(entry);
}

const idsOf = (people: readonly Person[]) => people.map(({ memberId }) => memberId);

function marksIn({ entries = [], seen = {} }: Circumstances): SeenMarks {
  return new Map(
    entries.flatMap((entry, index) => {
      const readers = seen[index];
      return readers === undefined ? [] : [[keyOf(entry), idsOf(readers)] as const];
    }),
  );
}

/** Fetched before it is needed where there is anything to show, and never where there is not. */
function privateTalkWith({ asks = [], offers = [] }: Circumstances): Deferred<Talks> {
  const talks: Talks = {
    asks: createStore(asks),
    offers: createStore(offers),
    ask: nothing,
    enter: nothing,
    dismiss: nothing,
    answer: nothing,
    hear: nothing,
  };
  const isThere = asks.length + offers.length > 0;
  return { ...createStore<Talks | null>(isThere ? talks : null), fetch: nothing };
}

/** A room as its member sees it; nothing that is pressed in it reaches anybody. */
export function roomSession(circumstances: Circumstances = {}): StillSession {
  const { people = [you, rowan], entries = [], connection = 'live', draft = '', outdated = false } = circumstances;
  const info = infoOf(circumstances);
  const composer = createStore(composerWith(draft, circumstances.mode ?? WRITE));
  const transcript = createStore<Transcript>({ state: 'ready', older: 'none', entries, ...circumstances.transcript });
  const unread = createStore<Unread>({
    count: 0,
    latest: null,
    forYou: 0,
    latestForYou: null,
    line: lineAt(circumstances),
  });
  const still = <T>(value: T): Readable<T> => createStore(value);
  return {
    roomId: ROOM_ID,
    clock,
    info: still(info),
    people: still(people),
    connection: still({ state: connection, since: NOW - 8 * SECOND_MS }),
    actions: still({ pending: null, failure: null, ...circumstances.actions }),
    outdated: still(outdated),
    // A public room takes none.
    files: { ...noFiles, ...(info.room.listed && { limits: still(null) }), ...circumstances.files },
    knocks: {
      atDoor: still({ ...NOBODY, ...circumstances.atDoor }),
      answerKnock: nothing,
      forgetMissed: nothing,
    },
    ignored: { members: still(new Set(idsOf(circumstances.ignored ?? []))), ignore: nothing },
    report: () => Promise.resolve({ ok: true, value: true }),
    outgoing: still({ isUnsent: false, isWaiting: false, rest: null, ...circumstances.outgoing }),
    keptWith: info.room.sealed ? 'browser' : 'page',
    transcript,
    unread: { ...unread, setAtEnd: nothing },
    miss: (missed) => unread.set({ ...unread.get(), ...missed }),
    signals: {
      typing: still(idsOf(circumstances.typing ?? [])),
      seen: still(marksIn(circumstances)),
      typed: nothing,
    },
    composer,
    setDraft: (text) => composer.set(composerWith(text, composer.get().mode)),
    startReply: () => false,
    startEdit: () => false,
    letGo: () => composer.set(composerWith(composer.get().draft, WRITE)),
    arrive: (more) => transcript.set({ ...transcript.get(), entries: more }),
    privateTalk: privateTalkWith(circumstances),
    memberMark: () => (info.room.sealed ? createDeferred(() => Promise.resolve(MARK)) : null),
    endedBy: () => null,
    readTranscriptAgain: nothing,
    readOlder: nothing,
    clearScreen: nothing,
    showAgain: nothing,
    destination: still(circumstances.destination ?? null),
    goTo: nothing,
    stay: nothing,
    send: nothing,
    retry: nothing,
    redraft: nothing,
    discard: nothing,
    reply: () => true,
    react: () => true,
    unreact: nothing,
    edit: () => true,
    takeBack: nothing,
    offerRoom: () => true,
    takeBackSoon: nothing,
    undoTakeBack: nothing,
    proposal: still(circumstances.proposal ?? null),
    isVacant: still(circumstances.isVacant ?? false),
    slowUntil: still(circumstances.slowUntil ?? 0),
    answerExtension: nothing,
    giveRoom: nothing,
    clearFailure: nothing,
    leave: nothing,
    destroy: nothing,
    setLocked: nothing,
    steer: nothing,
    removeMember: nothing,
    renewLink: nothing,
    rename: nothing,
    reload: nothing,
  };
}
