import * as z from 'zod/mini';
import { knockSchema } from '@/domain/knock';
import type { RoomId } from '@/domain/room';
import { type Answer, type RoomsApi, type Seat, seatedSchema } from './rooms';

const waitingSchema = z.object({ knockId: z.string(), token: z.optional(z.string()) });

/** Somebody at the door of a room, with the credential that they were given there. */
export interface Guest {
  readonly knockId: string;
  readonly token: string;
  /** Asks again. */
  ask(): Promise<Answer>;
}

/** Comes to the door of a room: with a name, or what a newcomer to a sealed room gives. */
export async function knock(api: RoomsApi, roomId: RoomId, newcomer: Record<string, unknown>): Promise<Guest> {
  const ask = (token?: string) =>
    api.ask('POST', `/api/room/join?roomId=${roomId}`, { token, json: { credentials: 'bearer', ...newcomer } });
  const { status, body } = await ask();
  if (status !== 202) throw new Error(`Nobody waits at the door: ${status} ${JSON.stringify(body)}`);
  const { knockId, token = '' } = waitingSchema.parse(body);
  return { knockId, token, ask: () => ask(token) };
}

export const knocksOf = ({ body }: Answer) => z.object({ knocks: z.array(knockSchema) }).parse(body).knocks;
export const knockIdOf = ({ body }: Answer) => waitingSchema.parse(body).knockId;
export const seatIn = ({ body }: Answer) => seatedSchema.parse(body);

/** Those who wait, as the owner reads it. */
export const whoWaits = async (owner: Seat) => knocksOf(await owner.knocks()).map(({ knockId }) => knockId);
