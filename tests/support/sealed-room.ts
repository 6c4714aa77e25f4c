import { sealCard } from '@/crypto/card';
import { makeSecret } from '@/crypto/fragment';
import { makeIdentity, type Identity } from '@/crypto/identity';
import { makeEpoch, type EpochChange } from '@/crypto/new-epoch';
import { deriveRoomKeys, type RoomKeys } from '@/crypto/room-keys';
import { sealSigned } from '@/crypto/sealed-string';
import type { Content } from '@/domain/content';
import { messageIdSchema, type MessageWithCursor } from '@/domain/message';
import type { MemberId } from '@/domain/room';
import { sealedCardSchema } from '@/domain/sealed';
import type { MessageEntry } from '@/session/messages/transcript';
import { createRunningSession, type RunningSession } from '@/session/running-session';
import { createMeasuredClock } from '@/session/server-clock';
import type { EndReason, SessionEnvironment, Visit } from '@/session/visit';
import { FakePage, FakeStorage } from '@tests/unit/client/fake-browser';
import { FakeRoom, ROOM_ID } from '@tests/unit/session/fake-room';

/** A member of a sealed room, with all of their keys. */
export interface Someone {
  readonly name: string;
  readonly memberId: MemberId;
  readonly identity: Identity;
}

export async function someone(name: string): Promise<Someone> {
  const identity = await makeIdentity();
  return { name, memberId: identity.memberId, identity };
}

/** A sealed room on a server in memory: a session of one member, and others whose pages the test plays. */
export class SealedRoom {
  readonly room = new FakeRoom();
  readonly page = new FakePage();
  readonly storage = new FakeStorage();
  /** By epoch. */
  readonly keys: RoomKeys[] = [];
  readonly secrets: { secret: string; epoch: number }[] = [];
  readonly ends: { reason: EndReason; draft: string }[] = [];
  readonly reseats: string[] = [];
  readonly faults: unknown[] = [];
  readonly sessions: RunningSession[] = [];
  private messages = 0;

  private constructor(
    readonly me: Someone,
    readonly other: Someone,
  ) {}

  /** A room of the session's member and another one; either of them owns it. */
  static async open({ owner = 'me' }: { owner?: 'me' | 'other' } = {}): Promise<SealedRoom> {
    const sealed = new SealedRoom(await someone('Ann'), await someone('Ben'));
    const { room, me, other } = sealed;
    const keys = await deriveRoomKeys(makeSecret(), 0);
    sealed.keys.push(keys);
    room.keyCheck = keys.keyCheck;
    room.members = [];
    room.you = me.memberId;
    room.owner = (owner === 'me' ? me : other).memberId;
    await sealed.seat(me);
    await sealed.seat(other);
    return sealed;
  }

  get newest(): RoomKeys {
    return this.at(this.keys.length - 1);
  }

  at(epoch: number): RoomKeys {
    const keys = this.keys[epoch];
    if (keys === undefined) throw new Error(`the room has no epoch ${epoch}`);
    return keys;
  }

  async card({ identity, name }: Someone, keys = this.newest) {
    return sealedCardSchema.parse(await sealCard(keys, identity, name));
  }

  /** Somebody takes a seat, with a card of the newest epoch; `isHeard`: the stream says so. */
  async seat(person: Someone, { keys = this.newest, isHeard = true } = {}): Promise<void> {
    const { memberId } = person;
    const card = await this.card(person, keys);
    const joinedAt = this.room.now();
    const owner = memberId === this.room.owner;
    this.room.members.push({ memberId, owner, joinedAt, here: true, card });
    if (isHeard) this.room.emit('member.joined', { memberId, joinedAt, card });
  }

  /** What a member seals, as it is sent. */
  async seal(author: Someone, id: string, content: object, keys = this.newest): Promise<string> {
    const place = {
      field: 'content',
      roomId: ROOM_ID,
      memberId: author.memberId,
      messageId: messageIdSchema.parse(id),
    } as const;
    return sealSigned(keys, place, author.identity.sign.privateKey, content);
  }

  /** A member says something; `by`: the member whose id the server puts on it. */
  async say(
    author: Someone,
    said: string | Content,
    { keys = this.newest, id = `message-${(this.messages += 1)}`, by = author.memberId } = {},
  ): Promise<MessageWithCursor> {
    const content = typeof said === 'string' ? { kind: 'text', text: said } : said;
    return this.store(by, id, await this.seal(author, id, content, keys));
  }

  /** The server stores a message, whatever it is. */
  store(memberId: MemberId, id: string, text: string): MessageWithCursor {
    const timestamp = this.room.now();
    const message = { id: messageIdSchema.parse(id), roomId: ROOM_ID, memberId, text, timestamp };
    const stored = { ...message, cursor: this.room.emit('chat.message', message) };
    this.room.messages.push(stored);
    return stored;
  }

  /** Makes the room's next key as its owner's page does; nothing is sent. */
  async nextKey(
    by: Someone,
    to: readonly Someone[],
    { from = this.newest, removed = [] }: { from?: RoomKeys; removed?: readonly MemberId[] } = {},
  ): Promise<EpochChange> {
    const standing = { roomId: ROOM_ID, identity: by.identity, keys: from };
    const named = new Set(to.map(({ memberId }) => memberId));
    const dummies = this.room.members
      .map(({ memberId }) => memberId)
      .filter((id) => id !== by.memberId && !named.has(id) && !removed.includes(id));
    const others = to
      .filter(({ memberId }) => memberId !== by.memberId)
      .map(({ memberId, identity }) => ({ memberId, agree: identity.agree.publicKey }));
    return makeEpoch(standing, [...others, ...dummies.map((memberId) => ({ memberId, agree: null }))], removed);
  }

  /** A member replaces the key for these, and removes somebody. */
  async rekey(by: Someone, to: readonly Someone[], remove?: Someone): Promise<EpochChange> {
    const change = await this.nextKey(by, to, { removed: remove ? [remove.memberId] : [] });
    const answer = await this.room.rekey(by.memberId, { ...change.request, remove: remove?.memberId });
    if (!answer.ok) throw new Error(`the key was not replaced: ${answer.failure.reason}`);
    this.keys.push(change.keys);
    return change;
  }

  /** The session of `me`, with the newest key unless another one is given. */
  openSession(visit: Partial<Visit> = {}, browser: Partial<SessionEnvironment> = {}): RunningSession {
    const clock = createMeasuredClock();
    const { room, me } = this;
    const session = createRunningSession(
      {
        api: room.api,
        page: this.page,
        storage: this.storage,
        random: () => 0.01,
        openStream: room.openStream,
        report: (fault) => this.faults.push(fault),
        ...browser,
      },
      {
        room: room.view(),
        seat: { memberId: me.memberId, owner: room.owner === me.memberId },
        identity: me.identity,
        keys: this.newest,
        lowestEpoch: 0,
        name: me.name,
        nameIsNew: false,
        clock,
        linkOf: (secret) => `https://mayfly.example/room#${secret}`,
        onSecret: (secret, epoch) => this.secrets.push({ secret, epoch }),
        onEndMoved: () => undefined,
        onEnd: (reason, draft) => this.ends.push({ reason, draft }),
        onReseated: (draft) => this.reseats.push(draft),
        ...visit,
      },
    );
    this.sessions.push(session);
    session.start();
    return session;
  }

  close(): void {
    for (const session of this.sessions) session.stop();
  }
}

/** Messages of the transcript: who, what, and in which state. */
export const messagesOf = (session: RunningSession): readonly MessageEntry[] =>
  session.transcript.get().entries.flatMap((entry) => (entry.kind === 'message' ? [entry] : []));

export const linesOf = (session: RunningSession): readonly string[] =>
  messagesOf(session).map(({ name, text, unreadable }) => `${name}: ${text ?? unreadable}`);

export const noticesOf = (session: RunningSession): readonly string[] =>
  session.transcript.get().entries.flatMap((entry) => (entry.kind === 'notice' ? [entry.notice] : []));

/** Makes a room that is empty still a sealed one, whose only member is the session's; returns what that member brings. */
export async function sealRoom(room: FakeRoom): Promise<Pick<Visit, 'keys' | 'identity' | 'seat'>> {
  const [keys, me] = await Promise.all([deriveRoomKeys(makeSecret(), 0), someone('Quiet Otter')]);
  const { identity, memberId } = me;
  const owner = room.owner === room.you;
  room.keyCheck = keys.keyCheck;
  room.you = memberId;
  if (owner) room.owner = memberId;
  const card = sealedCardSchema.parse(await sealCard(keys, identity, me.name));
  room.members = [{ memberId, owner, joinedAt: room.now(), here: true, card }];
  return { keys, identity, seat: { memberId, owner } };
}
