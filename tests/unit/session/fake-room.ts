import {
  createRoomApi,
  type Knocking,
  type OutgoingMessage,
  type RoomApi,
  type RoomView,
  type SeatedRoom,
} from '@/client/api';
import type { Answer, Failure } from '@/domain/failure';
import type { WireState } from '@/client/line';
import type { EventStream, StreamHandlers } from '@/client/room-stream';
import type { EventData, EventName } from '@/domain/events';
import type { MessageFile } from '@/domain/file';
import { EXTENSION_MS, EXTENSION_PROPOSAL_MS, MESSAGES_PER_PAGE_MAX } from '@/domain/limits';
import type { EpochChange } from '@/domain/epoch-change';
import type { FormerMember, Member } from '@/domain/member';
import {
  compareCursors,
  cursorSchema,
  messageSchema,
  type About,
  type Cursor,
  type MessageId,
  type MessageWithCursor,
} from '@/domain/message';
import { whisperSchema, type Rekey, type Signal } from '@/domain/requests';
import { memberIdSchema, roomIdSchema, type Extension, type MemberId, type Room } from '@/domain/room';
import { type JoinProof, type KeyCheck, type Sealed, sealedParts, sealedSchema } from '@/domain/sealed';
import { FakeDoor } from './fake-door';
import { FakeFiles } from './fake-files';
import { signalsOf } from '@/domain/signals';

export const ROOM_ID = roomIdSchema.parse('Aa0Bb1Cc2Dd3Ee4Ff5Gg6H');
export const ME = memberIdSchema.parse('Member0123456789');
export const OTHER = memberIdSchema.parse('AnotherMember000');

type Call = keyof RoomApi;

const refused = (reason: Failure['reason']) => Promise.resolve({ ok: false as const, failure: { reason } });
const done = <T>(value: T): Promise<Answer<T>> => Promise.resolve({ ok: true, value: structuredClone(value) });

/** A refusal by our own server. */
export const problemDocument = (status: number, code: string) =>
  new Response(JSON.stringify({ status, code }), { status, headers: { 'content-type': 'application/problem+json' } });

/** A room on a server of its own, in memory, with one browser in front of it: the contract's rules, no network. */
export class FakeRoom {
  /** How far the server's clock is ahead of the browser's. */
  skewMs = 0;
  keyCheck: KeyCheck | undefined;
  expiresAt: number;
  locked = false;
  /** What the owner has changed of who comes and how they talk. */
  steering: Partial<Room> = {};
  /** Ten minutes more, as they are proposed; it lapses by its time alone. */
  extension: Extension | undefined;
  /** How far the end has moved. */
  extendedMs = 0;
  /** The member whose call made the owner the owner. */
  private handedBy: MemberId | null = null;
  /** Whether the owner was away for so long that anybody may take the room over. */
  vacant = false;
  maxMembers = 10;
  gone = false;
  /** The seat of this browser's credential. */
  you: MemberId | null = ME;
  owner: MemberId | null = ME;
  members: Member[] = [];
  former: FormerMember[] = [];
  /** Of a sealed room. */
  epoch = 0;
  replaced: KeyCheck[] = [];
  /** How its key was replaced; each as its own reader sees it but for `wraps`. */
  readonly epochs: (EpochChange & Pick<Rekey, 'wraps' | 'proofHash'>)[] = [];
  messages: MessageWithCursor[] = [];
  /** Ids of messages that were taken back, by the cursor of the event that says so. */
  readonly removed: { id: MessageId; cursor: Cursor }[] = [];
  /** The failures of calls that are to be refused; `all` is the line itself. */
  readonly refusals = new Map<Call | 'all', Failure>();
  /** Calls that are done while their answers are lost, and how often. */
  readonly lostAnswers = new Map<Call, number>();
  readonly calls: Call[] = [];
  /** The bodies that were sent. */
  readonly sent: Record<string, unknown>[] = [];
  /** The signals that this browser sent. */
  readonly signals: Signal[] = [];
  /** What members whispered, as the server passed it on. */
  readonly whispers: EventData<'member.whispered'>[] = [];
  /** Members who have lost their line, as nobody knows yet: what is whispered to them counts as passed on. */
  readonly deaf = new Set<MemberId>();
  /** `member`: whose it is, where that is not this browser’s. */
  readonly streams = new Set<{ handlers: StreamHandlers; from: Cursor; member: MemberId | null }>();
  private sequence = 0;
  /** What a newcomer has to show, where the test cares. */
  proof: JoinProof | undefined;
  private seatings = 0;
  private readonly seatedIds = new Set<MemberId>();
  private readonly happened: { id: Cursor; event: string; data: unknown }[] = [];
  filesMax: Room['files'] = { maxBytes: 10_485_760, roomBytes: 41_943_040 };
  /** Answers wait for this. */
  gate: Promise<void> = Promise.resolve();
  /** How many messages make a page, which the server cuts by size as well. */
  pageMessagesMax = MESSAGES_PER_PAGE_MAX;

  constructor(lifetimeMs = 600_000) {
    this.expiresAt = this.now() + lifetimeMs;
    this.members.push(this.memberOf(ME));
  }

  readonly now = () => Date.now() + this.skewMs;

  private memberOf(memberId: MemberId, name?: string): Member {
    return {
      memberId,
      owner: memberId === this.owner,
      joinedAt: this.now(),
      here: true,
      ...(name !== undefined && { name }),
    };
  }

  view(): Room {
    return {
      roomId: ROOM_ID,
      createdAt: this.expiresAt - 600_000 - this.extendedMs,
      expiresAt: this.expiresAt,
      now: this.now(),
      members: this.members.length,
      here: this.members.filter(({ here }) => here).length,
      maxMembers: this.maxMembers,
      sealed: this.keyCheck !== undefined,
      ...(this.keyCheck !== undefined && {
        keyCheck: this.keyCheck,
        epoch: this.epoch,
        replaced: [...this.replaced],
      }),
      locked: this.locked,
      entry: 'open',
      listed: false,
      slowModeSeconds: 0,
      ...this.steering,
      ...(this.standing() && { extension: this.standing() }),
      files: this.filesMax,
      signals: signalsOf(this.maxMembers),
    };
  }

  /** A member proposes ten minutes more, agrees to them or ends the proposal. */
  answerExtension(by: MemberId, agree: boolean): Promise<Answer<Room>> {
    const standing = this.standing();
    if (!agree) {
      this.extension = undefined;
      if (standing !== undefined) this.emit('room.updated', { extension: null });
      return done(this.view());
    }
    if (this.extendedMs > 2_400_000) return refused('cannot_extend');
    const proposal = standing ?? { by, agreed: [], until: this.now() + EXTENSION_PROPOSAL_MS };
    const isNew = !proposal.agreed.includes(by);
    this.extension = isNew ? { ...proposal, agreed: [...proposal.agreed, by] } : proposal;
    const { agreed } = this.extension;
    if (this.members.every(({ here, memberId }) => !here || agreed.includes(memberId))) this.extend();
    else if (isNew) this.emit('room.updated', { extension: this.extension });
    return done(this.view());
  }

  /** The end moves by ten minutes. */
  extend(): void {
    this.extension = undefined;
    this.extendedMs += EXTENSION_MS;
    this.expiresAt += EXTENSION_MS;
    this.emit('room.updated', { expiresAt: this.expiresAt, extension: null });
  }

  private standing(): Extension | undefined {
    return this.extension !== undefined && this.extension.until > this.now() ? this.extension : undefined;
  }

  setOwner(memberId: MemberId): void {
    this.owner = memberId;
    this.members = this.members.map((member) => ({ ...member, owner: member.memberId === memberId }));
    this.emit('room.updated', { ownerId: memberId });
  }

  /** These members have a stream, and nobody else. */
  setHere(here: readonly MemberId[]): void {
    this.members = this.members.map((member) => ({ ...member, here: here.includes(member.memberId) }));
    this.publish('presence.changed', { here: [...here] });
  }

  /** Members signal something, which is published and not stored. */
  signal(data: EventData<'member.signals'>): void {
    this.publish('member.signals', data);
  }

  /** Something that is published and not stored: it repeats the newest id. */
  publish<Name extends EventName>(event: Name, data: EventData<Name>): void {
    const id = this.happened.at(-1)?.id ?? cursorSchema.parse('0-0');
    for (const { handlers } of this.streams) handlers.onEvent({ id, event, data: structuredClone(data) });
    for (const wire of this.wires) this.write(wire, { id, event, channel: ROOM_ID, data });
  }

  /** One member whispers to another, whose streams alone hear it; nothing of it is stored. */
  whisper(data: EventData<'member.whispered'>): void {
    if (this.deaf.has(data.to)) return;
    const id = this.happened.at(-1)?.id ?? cursorSchema.parse('0-0');
    for (const { handlers, member } of this.streams)
      if ((member ?? this.you) === data.to)
        handlers.onEvent({ id, event: 'member.whispered', data: structuredClone(data) });
  }

  private async takeWhisper(from: MemberId, request: Request): Promise<Response> {
    this.calls.push('request');
    await this.gate;
    const failure = this.refusals.get('all') ?? this.refusals.get('request');
    if (failure !== undefined) return problemDocument(409, failure.reason);
    const to = this.members.find(({ memberId }) => memberId === new URL(request.url).searchParams.get('to'));
    if (to === undefined) return problemDocument(404, 'not_found');
    if (!to.here) return problemDocument(409, 'member_away');
    const { text } = whisperSchema.parse(await request.json());
    const whisper = { from, to: to.memberId, text };
    this.whispers.push(whisper);
    this.whisper(whisper);
    return new Response(null, { status: 204 });
  }

  private requestOf(from: () => MemberId): RoomApi['request'] {
    const { request } = createRoomApi({
      origin: 'http://localhost',
      isOnline: () => true,
      fetcher: (input, init) => this.takeWhisper(from(), new Request(input, init)),
    });
    return (path, init, read) =>
      path.startsWith('/api/whispers')
        ? request(path, init, read)
        : (/^\/api\/(?:knocks|reports)\b/.test(path) ? this.door : this.files.api).request(path, init, read);
  }

  /** Another member’s browser in front of the same room, for what does not depend on whose call it is but for whispers. */
  browserOf(memberId: MemberId): Pick<FakeRoom, 'api' | 'openStream'> {
    const you = () => ({ memberId, owner: memberId === this.owner });
    return {
      api: {
        ...this.api,
        request: this.requestOf(() => memberId),
        readRoom: () => done<RoomView>({ ...this.view(), you: you() }),
      },
      openStream: (roomId, handlers) => this.openStream(roomId, handlers, memberId),
    };
  }

  /** Something happens in the room: it is stored, and published to every stream. */
  emit<Name extends EventName>(event: Name, data: EventData<Name>): Cursor {
    this.sequence += 1;
    const id = cursorSchema.parse(`${this.now()}-${this.sequence}`);
    this.happened.push({ id, event, data });
    for (const { handlers } of this.streams) handlers.onEvent({ id, event, data: structuredClone(data) });
    for (const wire of this.wires) this.write(wire, { id, event, channel: ROOM_ID, data });
    return id;
  }

  join(memberId: MemberId, name?: string): void {
    this.members.push(this.memberOf(memberId, name));
    this.emit('member.joined', { memberId, joinedAt: this.now() });
    if (name !== undefined) this.emit('member.updated', { memberId, name });
  }

  /** Somebody sits down with a card, or without one in a plain room. */
  private sit(memberId: MemberId, card?: Sealed): void {
    this.members.push({ ...this.memberOf(memberId), ...(card && { card }) });
    this.emit('member.joined', { memberId, joinedAt: this.now(), ...(card && { card }) });
  }

  private moveSeat(from: MemberId, to: MemberId, card?: Sealed): void {
    this.members = this.members.filter(({ memberId }) => memberId !== from);
    if (this.owner === from) this.owner = to;
    this.emit('member.left', { memberId: from, reason: 'moved', to });
    this.sit(to, card);
  }

  leave(memberId: MemberId, reason: 'left' | 'removed' | 'displaced' = 'left'): void {
    this.members = this.members.filter((member) => member.memberId !== memberId);
    this.emit('member.left', { memberId, reason });
    const next = this.members.at(0)?.memberId;
    if (this.owner === memberId && next !== undefined) this.setOwner(next);
  }

  /** This browser's seat is lost: its streams end, and its credential no longer counts. */
  loseSeat(reason: 'left' | 'removed' | 'displaced'): void {
    const { memberId } = this.seated();
    this.you = null;
    this.leave(memberId, reason);
    this.endWires(false);
    this.refuseStreams(401);
  }

  /** A member says something, unsealed. */
  say(
    memberId: MemberId,
    text: string,
    id = `message-${this.messages.length + 1}`,
    sender = 'Somebody',
    about?: About,
  ): MessageWithCursor {
    return this.store(memberId, { id, sender, text, ...(about && { about }) });
  }

  /** A message is taken back, with its edits. */
  takeBack(id: MessageId, by: MemberId): void {
    const message = this.messages.find((one) => one.id === id);
    if (message === undefined) return;
    this.messages = this.messages.filter(
      (one) => one.id !== id && !(one.about?.kind === 'edit' && one.about.id === id),
    );
    this.removed.push({ id, cursor: this.emit('message.removed', { id, memberId: message.memberId, by }) });
  }

  private store(
    memberId: MemberId,
    message: { id: string; sender?: string; text: string; about?: About; file?: MessageFile },
  ): MessageWithCursor {
    const known = this.messages.find(({ id }) => id === message.id);
    if (known !== undefined) return known;
    const data = messageSchema.parse({ ...message, roomId: ROOM_ID, memberId, timestamp: this.now() });
    const stored = { ...data, cursor: this.emit('chat.message', data) };
    this.messages.push(stored);
    return stored;
  }

  /** A member, who has to be the owner, replaces the room's key. */
  rekey(by: MemberId, change: Rekey): Promise<Answer<Room>> {
    const { epoch, keyCheck, proofHash, previous, wraps, remove } = change;
    const last = this.epochs.at(-1);
    if (last?.epoch === epoch && last.keyCheck === keyCheck && last.proofHash === proofHash && last.by === by)
      return done(this.view());
    if (epoch !== this.epoch + 1) return refused('epoch_changed');
    const staying = this.members.filter(({ memberId }) => memberId !== remove);
    const named = Object.keys(wraps).sort().join();
    if (
      named !==
      staying
        .map(({ memberId }) => memberId)
        .sort()
        .join()
    ) {
      const members = staying.map(({ memberId, card = sealedSchema.parse('v2.0.AAAAAAAAAAAAAAAA.AA') }) => ({
        memberId,
        card,
      }));
      return Promise.resolve({ ok: false, failure: { reason: 'members_changed', members: structuredClone(members) } });
    }
    const card = this.members.find(({ memberId }) => memberId === by)?.card;
    if (card === undefined) throw new Error('whoever replaces the key has a card');
    if (remove !== undefined) this.leave(remove, 'removed');
    if (this.keyCheck !== undefined) this.replaced.push(this.keyCheck);
    this.epoch = epoch;
    this.keyCheck = keyCheck;
    const cursor = this.emit('room.rekeyed', { epoch, by, keyCheck, previous, wraps });
    this.epochs.push({ epoch, by, card, cursor, keyCheck, previous, wraps, proofHash });
    return done(this.view());
  }

  private async answer<T>(call: Call, value: () => Promise<Answer<T>>): Promise<Answer<T>> {
    this.calls.push(call);
    await this.gate;
    const failure =
      this.refusals.get('all') ?? this.refusals.get(call) ?? (this.gone ? { reason: 'room_not_found' as const } : null);
    if (failure !== null) return { ok: false, failure };
    const open: Call[] = ['readRoom', 'joinRoom', 'openRoom'];
    if (this.you === null && !open.includes(call)) return { ok: false, failure: { reason: 'not_a_member' } };
    const lost = this.lostAnswers.get(call) ?? 0;
    this.lostAnswers.set(call, lost - 1);
    const answer = await value();
    return lost > 0 ? { ok: false, failure: { reason: 'unreachable' } } : answer;
  }

  private seated() {
    const memberId = this.you ?? ME;
    return { memberId, owner: memberId === this.owner };
  }

  readonly files = new FakeFiles(() => {
    const { memberId, owner } = this.seated();
    return { isSealed: this.keyCheck !== undefined, self: memberId, isOwner: owner, limits: this.filesMax ?? null };
  });

  readonly door = new FakeDoor({
    now: () => this.now(),
    isOwner: () => this.you !== null && this.you === this.owner,
    onKnocked: ({ at: _at, ...knock }) => this.publish('member.knocked', knock),
  });

  /** The API as this browser reaches it. */
  readonly api: RoomApi = {
    ...this.files.api,
    request: this.requestOf(() => this.seated().memberId),
    openRoom: (room) =>
      this.answer('openRoom', () => {
        this.sent.push({ ...room });
        this.keyCheck = room.keyCheck;
        return done({ ...this.view(), ...this.seated() });
      }),
    readRoom: () =>
      this.answer('readRoom', () => done<RoomView>({ ...this.view(), you: this.you === null ? null : this.seated() })),
    joinRoom: (_roomId, { proof, memberId, card, name }) =>
      this.answer<SeatedRoom | Knocking>('joinRoom', () => {
        const isNew = this.you === null;
        if (!isNew && (memberId === undefined || memberId === this.you))
          return done({ ...this.view(), ...this.seated() });
        if (isNew && this.proof !== undefined && proof !== this.proof) return refused('wrong_key');
        if (isNew && this.locked) return refused('room_locked');
        if (memberId !== undefined && this.seatedIds.has(memberId)) return refused('member_id_taken');
        if (card !== undefined && sealedParts(card)?.epoch !== this.epoch) return refused('epoch_changed');
        if (isNew && this.steering.entry === 'knock') {
          const standing = this.door.ask({ proof, memberId, card, name });
          if (standing !== null) return standing === 'refused' ? refused(standing) : done(standing);
        }
        if (isNew && this.members.length >= this.maxMembers) return refused('room_full');
        this.seatings += 1;
        const seat = memberId ?? memberIdSchema.parse(`Seat${this.seatings}`.padEnd(16, 'x'));
        this.seatedIds.add(seat);
        if (this.you !== null) this.moveSeat(this.you, seat, card);
        else this.sit(seat, card);
        this.you = seat;
        return done({ ...this.view(), ...this.seated() });
      }),
    leaveRoom: () =>
      this.answer('leaveRoom', () => {
        this.loseSeat('left');
        return done(null);
      }),
    destroyRoom: () =>
      this.answer('destroyRoom', () => {
        this.gone = true;
        return done(null);
      }),
    lockRoom: (_roomId, locked) =>
      this.answer('lockRoom', () => {
        if (!this.seated().owner) return refused('not_the_owner');
        this.locked = locked;
        this.emit('room.updated', { locked });
        return done(this.view());
      }),
    steerRoom: (_roomId, change) =>
      this.answer('steerRoom', () => {
        if (!this.seated().owner) return refused('not_the_owner');
        this.sent.push({ ...change });
        Object.assign(this.steering, change);
        this.emit('room.updated', change);
        return done(this.view());
      }),
    extendRoom: (_roomId, agree, expiresAt) =>
      this.answer('extendRoom', () => {
        if (expiresAt !== this.expiresAt) return refused('cannot_extend');
        return this.answerExtension(this.seated().memberId, agree);
      }),
    giveRoom: (_roomId, memberId) =>
      this.answer('giveRoom', () => {
        const self = this.seated().memberId;
        const isRepeat = memberId === this.owner && this.handedBy === self;
        if (!isRepeat && self !== this.owner && !(this.vacant && memberId === self)) return refused('not_the_owner');
        if (this.members.every((member) => member.memberId !== memberId)) return refused('not_found');
        if (memberId !== this.owner) this.setOwner(memberId);
        this.handedBy = self;
        return done(this.view());
      }),
    readMembers: (_roomId, memberIds) =>
      this.answer('readMembers', () => {
        const former = this.former.filter(({ memberId }) => memberIds?.includes(memberId) ?? true);
        return done({ members: this.members, former });
      }),
    readEpochs: (_roomId, after) =>
      this.answer('readEpochs', () => {
        const { memberId } = this.seated();
        const epochs = this.epochs.filter(({ epoch }) => epoch > after).slice(0, 25);
        return done({
          epochs: epochs.map(({ wraps, proofHash: _proofHash, ...change }) => ({ ...change, wrap: wraps[memberId] })),
        });
      }),
    rekey: (_roomId, change) =>
      this.answer('rekey', () => {
        this.sent.push({ ...change });
        return this.rekey(this.seated().memberId, change);
      }),
    changeCard: (_roomId, card) =>
      this.answer('changeCard', () => {
        if (sealedParts(card)?.epoch !== this.epoch) return refused('epoch_changed');
        const { memberId } = this.seated();
        this.members = this.members.map((member) => (member.memberId === memberId ? { ...member, card } : member));
        this.emit('member.updated', { memberId, card });
        return done({ ...this.memberOf(memberId), card });
      }),
    rename: (_roomId, name) =>
      this.answer('rename', () => {
        this.sent.push({ name });
        const { memberId } = this.seated();
        const member = { ...this.memberOf(memberId), name };
        this.members = this.members.map((other) => (other.memberId === memberId ? member : other));
        this.emit('member.updated', { memberId, name });
        return done(member);
      }),
    putOut: (_roomId, memberId) =>
      this.answer('putOut', () => {
        this.leave(memberId, 'removed');
        return done(null);
      }),
    readMessages: (_roomId, after) =>
      this.answer('readMessages', () => {
        const following = this.messages.filter(({ cursor }) => compareCursors(cursor, after) > 0);
        const messages = following.slice(0, this.pageMessagesMax);
        const newest = this.happened.at(-1)?.id ?? after;
        const cursor = following.length > messages.length ? (messages.at(-1)?.cursor ?? newest) : newest;
        const removed = this.removed.filter(
          (one) => compareCursors(one.cursor, after) > 0 && compareCursors(one.cursor, cursor) <= 0,
        );
        return done({ messages, removed: removed.map(({ id }) => id), cursor });
      }),
    readPage: (_roomId, before) =>
      this.answer('readPage', () => {
        const isBefore = ({ cursor }: { cursor: Cursor }) => before === 'end' || compareCursors(cursor, before) < 0;
        const preceding = this.messages.filter(isBefore);
        const messages = preceding.slice(-this.pageMessagesMax);
        const older = preceding.length > messages.length ? (messages[0]?.cursor ?? null) : null;
        const removed = this.removed.filter(
          (one) => isBefore(one) && (older === null || compareCursors(one.cursor, older) > 0),
        );
        const cursor = this.happened.at(-1)?.id ?? cursorSchema.parse('0-0');
        return done({ messages, removed: removed.map(({ id }) => id), cursor, older });
      }),
    takeBack: (_roomId, ids) =>
      this.answer('takeBack', () => {
        const { memberId, owner } = this.seated();
        const named = this.messages.filter(({ id }) => ids.includes(id));
        const known = new Set([...named, ...this.removed].map(({ id }) => id));
        if (ids.some((id) => !known.has(id))) return refused('not_found');
        if (!owner && named.some((message) => message.memberId !== memberId)) return refused('not_the_author');
        for (const id of ids) this.takeBack(id, memberId);
        return done(null);
      }),
    sendSignal: (_roomId, { typing, seen }) =>
      this.answer('sendSignal', () => {
        const { memberId } = this.seated();
        this.signals.push({ ...(typing !== undefined && { typing }), ...(seen !== undefined && { seen }) });
        this.signal({
          ...(typing && { typing: [memberId] }),
          ...(seen !== undefined && { seen: { [memberId]: seen } }),
        });
        return done(null);
      }),
    sendMessage: (_roomId, message: OutgoingMessage) =>
      this.answer('sendMessage', () => {
        this.sent.push({ ...message });
        const known = this.messages.find(({ id }) => id === message.id);
        if (known !== undefined && known.text !== message.text) return refused('message_id_taken');
        const isOld = this.keyCheck !== undefined && sealedParts(message.text)?.epoch !== this.epoch;
        if (known === undefined && isOld) return refused('epoch_changed');
        // The id of a message that was taken back stays spent.
        if (this.removed.some(({ id }) => id === message.id)) return refused('message_id_taken');
        const unfit = known === undefined && message.file !== undefined ? this.files.refusalOf(message.file) : null;
        if (unfit !== null) return refused(unfit);
        return done(known ?? this.store(this.seated().memberId, message));
      }),
  };

  readonly openStream = (_roomId: string, handlers: StreamHandlers, member: MemberId | null = null): EventStream => {
    const stream = { handlers, from: cursorSchema.parse('0-0'), member };
    return {
      follow: (cursor) => {
        stream.from = cursorSchema.parse(cursor);
        this.streams.add(stream);
        handlers.onState('live');
        handlers.onBegun?.();
        for (const { id, event, data } of this.happened) {
          if (compareCursors(id, stream.from) > 0) handlers.onEvent({ id, event, data: structuredClone(data) });
        }
      },
      hurry: () => undefined,
      close: () => this.streams.delete(stream),
    };
  };

  /** The server ends every stream as planned. Events that are published and not stored before they are back are heard by nobody. */
  renewStreams(meanwhile: () => void): void {
    const renewed = [...this.streams];
    this.streams.clear();
    const before = this.happened.length;
    meanwhile();
    for (const stream of renewed) {
      this.streams.add(stream);
      stream.handlers.onBegun?.();
      for (const event of this.happened.slice(before)) stream.handlers.onEvent(structuredClone(event));
    }
  }

  /** Every stream is refused for good and hears nothing more, until it is asked to follow again. */
  refuseStreams(status: number): void {
    const refused = [...this.streams];
    this.streams.clear();
    for (const { handlers } of refused) {
      handlers.onState('reconnecting');
      handlers.onRefused(status);
    }
  }

  /** Answers in the server's place when a stream is asked for; null while the server is there. */
  standIn: (() => Response) | null = null;
  /** When streams were asked for. */
  readonly asked: number[] = [];
  private readonly wires = new Set<ReadableStreamDefaultController<Uint8Array>>();
  private readonly encoder = new TextEncoder();

  /** The event stream as the network gives it, for the browser's own client. */
  readonly fetch = (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    if (typeof input !== 'string') throw new TypeError('expected a path');
    this.asked.push(Date.now());
    if (this.standIn !== null) return Promise.resolve(this.standIn());
    if (this.gone) return Promise.resolve(problemDocument(404, 'room_not_found'));
    if (this.you === null) return Promise.resolve(problemDocument(401, 'not_a_member'));
    const after = cursorSchema.parse(new URL(input, 'http://localhost').searchParams.get(`last_ack_${ROOM_ID}`));
    const body = new ReadableStream<Uint8Array>({
      start: (wire) => {
        this.wires.add(wire);
        init?.signal?.addEventListener('abort', () => this.wires.delete(wire));
        this.write(wire, { type: 'connected', channel: ROOM_ID, cursor: after });
        for (const { id, event, data } of this.happened) {
          if (compareCursors(id, after) > 0) this.write(wire, { id, event, channel: ROOM_ID, data });
        }
        const here = this.members.filter((member) => member.here).map(({ memberId }) => memberId);
        this.write(wire, {
          id: this.happened.at(-1)?.id ?? '0-0',
          event: 'presence.changed',
          channel: ROOM_ID,
          data: { here },
        });
      },
      cancel: () => undefined,
    });
    return Promise.resolve(new Response(body, { headers: { 'content-type': 'text/event-stream; charset=utf-8' } }));
  };

  private write(wire: ReadableStreamDefaultController<Uint8Array>, message: object): void {
    wire.enqueue(this.encoder.encode(`data: ${JSON.stringify(message)}\n\n`));
  }

  /** The server ends every stream: as planned, or silently. */
  endWires(asPlanned: boolean): void {
    for (const wire of this.wires) {
      if (asPlanned) this.write(wire, { type: 'reconnect', timestamp: this.now() });
      wire.close();
    }
    this.wires.clear();
  }

  /** The state of the line, as every stream reports it. */
  setLine(state: WireState): void {
    for (const { handlers } of this.streams) handlers.onState(state);
  }
}
