import { KeyObject } from 'node:crypto';
import { expect } from '@playwright/test';
import * as z from 'zod/mini';
import { sealCard } from '@/crypto/card';
import { secretSchema } from '@/crypto/fragment';
import { exportRaw, memberIdOf, type Identity } from '@/crypto/identity';
import { deriveJoinProof, deriveRoomKeys } from '@/crypto/room-keys';
import type { RoomSession } from '@/session/room-session';
import type { MessageEntry } from '@/session/messages/transcript';
import { startSessionOf } from '../../support/session-of-seat';
import { joinRoom, type ProgramSeat } from './program-seat';
import { roomIdOf } from './room-api';

/** The private halves of a member's keys: 32 bytes each, as base64url. */
export interface PrivateKeys {
  readonly sign: string;
  readonly agree: string;
}

/** A member without a browser, whose private keys the test knows: those of a page cannot be taken out of it. */
export class OpenMember {
  private constructor(
    readonly seat: ProgramSeat,
    readonly session: RoomSession,
    readonly privateKeys: PrivateKeys,
  ) {}

  /** Joins a sealed room of the first epoch, through the session that a page runs. `headers` go with every request. */
  static async join(link: string, name: string, headers: Readonly<Record<string, string>> = {}): Promise<OpenMember> {
    const { origin, hash } = new URL(link);
    const keys = await deriveRoomKeys(secretSchema.parse(hash.slice(1)), 0);
    const { identity, privateKeys } = await makeOpenIdentity();
    const seat = await joinRoom(origin, roomIdOf(link), {
      proof: await deriveJoinProof(keys.secret),
      memberId: identity.memberId,
      card: await sealCard(keys, identity, name),
    });
    const session = await startSessionOf(origin, seat, { name, nameIsNew: false, keys, identity }, headers);
    await expect.poll(() => session.connection.get().state).toBe('live');
    return new OpenMember(seat, session, privateKeys);
  }

  /** Waits for a message; `state` is that of one's own. */
  async read(text: string, state: MessageEntry['state'] = 'sent'): Promise<MessageEntry> {
    const find = () =>
      this.session.transcript
        .get()
        .entries.find(
          (entry): entry is MessageEntry => entry.kind === 'message' && entry.text === text && entry.state === state,
        );
    await expect.poll(() => find() !== undefined, `"${text}" is in the transcript`).toBe(true);
    const found = find();
    if (found === undefined) throw new Error(`"${text}" is gone again.`);
    return found;
  }

  /** Says something, and waits until it is stored. */
  async say(text: string): Promise<MessageEntry> {
    this.session.setDraft(text);
    this.session.send();
    return this.read(text);
  }
}

const jwkSchema = z.object({ d: z.string() });

const privateHalfOf = ({ privateKey }: CryptoKeyPair): string =>
  jwkSchema.parse(KeyObject.from(privateKey).export({ format: 'jwk' })).d;

/** As `makeIdentity` makes them, but that the private halves can be exported. */
async function makeOpenIdentity(): Promise<{ identity: Identity; privateKeys: PrivateKeys }> {
  const [sign, agree] = await Promise.all([
    crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']),
    crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']),
  ]);
  const raw = { sign: await exportRaw(sign.publicKey), agree: await exportRaw(agree.publicKey) };
  return {
    identity: { memberId: await memberIdOf(raw), sign, agree },
    privateKeys: { sign: privateHalfOf(sign), agree: privateHalfOf(agree) },
  };
}
