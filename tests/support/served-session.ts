import { onTestFinished, expect } from 'vitest';
import { createRoomApi } from '@/client/api';
import { openEventStream } from '@/client/room-stream';
import { sealCard } from '@/crypto/card';
import type { RoomSecret } from '@/crypto/fragment';
import { makeIdentity, type Identity } from '@/crypto/identity';
import { deriveJoinProof, deriveRoomKeys, type RoomKeys } from '@/crypto/room-keys';
import { createRunningSession } from '@/session/running-session';
import type { MessageEntry } from '@/session/messages/transcript';
import type { RoomSession } from '@/session/room-session';
import { createMeasuredClock } from '@/session/server-clock';
import { FakePage, FakeStorage } from '@tests/unit/client/fake-browser';
import type { Seat } from './rooms';
import { eventually } from './storage-expectations';

/** A session that a test may stop before its end. */
export type RunningSession = ReturnType<typeof createRunningSession>;

export async function write(session: RoomSession, text: string): Promise<MessageEntry> {
  session.setDraft(text);
  session.send();
  const stored = () => messagesOf(session).find((entry) => entry.text === text && entry.state === 'sent');
  await eventually(() => expect(stored()).toBeDefined());
  const message = stored();
  if (message === undefined) throw new Error('The message is gone again');
  return message;
}

/** What a page has of its room: nothing in a plain one. `secrets`: those that it accepted since. */
export interface Own {
  readonly keys: RoomKeys | null;
  readonly identity: Identity | null;
  readonly secrets: RoomSecret[];
}

export const PLAIN: Own = { keys: null, identity: null, secrets: [] };

/** A person's keys before the room has an id, and what they show to get in. */
export async function makeOwn(secret: RoomSecret, name: string, epoch = 0) {
  const [keys, identity] = [await deriveRoomKeys(secret, epoch), await makeIdentity()];
  const proof = await deriveJoinProof(secret);
  const { memberId } = identity;
  const card = await sealCard(keys, identity, name);
  const own: Own = { keys, identity, secrets: [] };
  return { own, proof, newcomer: { memberId, card } };
}

/** Runs the session of a seat against a real server, as a page does, with everything in between but the browser. */
export async function openSession(
  url: string,
  { roomId, token }: Pick<Seat, 'roomId' | 'token'>,
  own: Own,
): Promise<RunningSession> {
  const fetcher: typeof fetch = (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set('authorization', `Bearer ${token}`);
    return fetch(new URL(input instanceof Request ? input.url : input, url), { ...init, headers });
  };
  const api = createRoomApi({ origin: url, fetcher, isOnline: () => true });
  const answer = await api.readRoom(roomId);
  if (!answer.ok || !answer.value.you) throw new Error('The seat was not found');
  const { you: seat, ...room } = answer.value;
  const page = new FakePage();
  const session = createRunningSession(
    {
      api,
      page,
      storage: new FakeStorage(),
      random: Math.random,
      report: (fault) => {
        throw fault;
      },
      openStream: (id, handlers) =>
        openEventStream(
          { fetch: fetcher, random: Math.random, page, locks: undefined, openChannel: undefined },
          id,
          handlers,
        ),
    },
    {
      room,
      seat,
      identity: own.identity,
      keys: own.keys,
      lowestEpoch: 0,
      name: seat.owner ? 'Ann' : 'Ben',
      nameIsNew: !room.sealed,
      clock: createMeasuredClock(),
      linkOf: (secret) => `${url}/room/${roomId}#${secret}`,
      onSecret: (secret) => void own.secrets.push(secret),
      onEnd: () => undefined,
      onReseated: () => undefined,
    },
  );
  onTestFinished(session.stop);
  session.start();
  await eventually(() => expect(session.connection.get().state).toBe('live'));
  return session;
}

export const messagesOf = (session: RoomSession): readonly MessageEntry[] =>
  session.transcript.get().entries.flatMap((entry) => (entry.kind === 'message' ? [entry] : []));
