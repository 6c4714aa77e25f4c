import { onTestFinished, expect } from 'vitest';
import { sealCard } from '@/crypto/card';
import type { RoomSecret } from '@/crypto/fragment';
import { makeIdentity, type Identity } from '@/crypto/identity';
import { deriveJoinProof, deriveRoomKeys, type RoomKeys } from '@/crypto/room-keys';
import type { MessageEntry } from '@/session/messages/transcript';
import type { RoomSession } from '@/session/room-session';
import type { RunningSession } from '@/session/running-session';
import type { Seat } from './rooms';
import { startSessionOf } from './session-of-seat';
import { eventually } from './storage-expectations';

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

/** Runs the session of a seat until the test ends, and waits until it hears the room. */
export async function openSession(
  url: string,
  seat: Pick<Seat, 'roomId' | 'token'>,
  { keys, identity, secrets }: Own,
  name = 'Ann',
): Promise<RunningSession> {
  const onSecret = (secret: RoomSecret) => void secrets.push(secret);
  const session = await startSessionOf(url, seat, { name, nameIsNew: keys === null, keys, identity, onSecret });
  onTestFinished(session.stop);
  await eventually(() => expect(session.connection.get().state).toBe('live'));
  return session;
}

export const messagesOf = (session: RoomSession): readonly MessageEntry[] =>
  session.transcript.get().entries.flatMap((entry) => (entry.kind === 'message' ? [entry] : []));
