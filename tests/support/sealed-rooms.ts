import { createHash } from 'node:crypto';
import { seatedCardSchema, type SeatedCard } from '@/domain/epoch';
import { epochChangeSchema, type EpochChange } from '@/domain/epoch-change';
import type { RoomId } from '@/domain/room';
import { newMemberId } from '@/server/auth/tokens';
import * as z from 'zod/mini';
import type { Answer, RoomsApi, Seat } from './rooms';

const base64url = (text: string, characters: number) =>
  createHash('sha512').update(text).digest('base64url').slice(0, characters);

/** Sealed strings of exactly this length: nobody on the server's side sees what is in them. */
export const sealedOf = (characters: number, epoch = 0): string =>
  `v2.${epoch}.${'A'.repeat(16)}.`.padEnd(characters, 'B');
/** What a room's secret of that epoch gives; `name` separates secrets of the same epoch. */
export const keyCheckOf = (epoch: number, name = '') => base64url(`check ${epoch} ${name}`, 11);
export const proofOf = (epoch: number, name = '') => base64url(`proof ${epoch} ${name}`, 43);
export const proofHashOf = (epoch: number, name = '') =>
  createHash('sha256').update(proofOf(epoch, name)).digest('base64url');
export const cardOf = (epoch: number, name = '') =>
  `v2.${epoch}.${base64url(name, 16)}.${base64url(name, 43).padEnd(1_400, 'C')}`;
export const wrapOf = (epoch: number, memberId: string) =>
  `${base64url(`${epoch}`, 16)}.${base64url(`wrap ${epoch} ${memberId}`, 64)}`;

/** A message of a sealed room, which names no sender. */
export const sealedMessage = (characters = 214, epoch = 0) => ({
  sender: undefined,
  text: sealedOf(characters, epoch),
});

/** The fields of a sealed room's making, to be given to `open`. */
export const sealedRoom = (settings: Record<string, unknown> = {}) => {
  const memberId = newMemberId();
  return {
    sealed: true,
    keyCheck: keyCheckOf(0),
    proofHash: proofHashOf(0),
    memberId,
    card: cardOf(0, memberId),
    ...settings,
  };
};

/** What a newcomer to a sealed room gives. */
export const newcomer = (epoch = 0, name = '') => {
  const memberId = newMemberId();
  return { proof: proofOf(epoch, name), memberId, card: cardOf(epoch, memberId) };
};

/** Takes a seat of a sealed room. */
export const joinSealed = (api: RoomsApi, roomId: RoomId, epoch = 0) => api.join(roomId, newcomer(epoch));

/** A rekey to that epoch with a wrap for each of these members. */
export const rekeyTo = (epoch: number, members: readonly { memberId: string }[], fields: object = {}) => ({
  epoch,
  keyCheck: keyCheckOf(epoch),
  proofHash: proofHashOf(epoch),
  previous: sealedOf(400, epoch),
  wraps: Object.fromEntries(members.map(({ memberId }) => [memberId, wrapOf(epoch, memberId)])),
  ...fields,
});

export const rekey = (api: RoomsApi, { roomId, token }: Pick<Seat, 'roomId' | 'token'>, json: object) =>
  api.ask('POST', `/api/room/rekey?roomId=${roomId}`, { token, json });

export const readEpochs = (api: RoomsApi, { roomId, token }: Pick<Seat, 'roomId' | 'token'>, query = '') =>
  api.ask('GET', `/api/epochs?${query}roomId=${roomId}`, { token });

export const epochsOf = ({ body }: Answer): EpochChange[] =>
  z.object({ epochs: z.array(epochChangeSchema) }).parse(body).epochs;

/** The members that a refused rekey should have named. */
export const membersToWrap = ({ body }: Answer): SeatedCard[] =>
  z.object({ members: z.array(seatedCardSchema) }).parse(body).members;
