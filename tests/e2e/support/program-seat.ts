import * as z from 'zod/mini';
import { memberIdSchema, roomIdSchema, type MemberId, type RoomId } from '@/domain/room';

const seatedSchema = z.object({ roomId: roomIdSchema, memberId: memberIdSchema, token: z.string() });

/** A seat held by a program, with the bearer token that proves it. */
export interface ProgramSeat {
  readonly roomId: RoomId;
  readonly memberId: MemberId;
  readonly token: string;
  ask(method: string, path: string, json?: unknown): Promise<Response>;
  /** Sends a message and expects it to be accepted. */
  say(text: string, sender?: string): Promise<void>;
}

/** Makes a room as a program does, a plain one unless `room` says otherwise. `url` is the server's. */
export function openRoom(url: string, room: Record<string, unknown> = {}): Promise<ProgramSeat> {
  return takeSeat(url, '/api/room', room);
}

/** `newcomer` is what a sealed room asks for. */
export function joinRoom(url: string, roomId: string, newcomer: Record<string, unknown> = {}): Promise<ProgramSeat> {
  return takeSeat(url, `/api/room/join?roomId=${roomId}`, newcomer);
}

async function takeSeat(url: string, path: string, body: Record<string, unknown> = {}): Promise<ProgramSeat> {
  const answer = await post(`${url}${path}`, { credentials: 'bearer', ...body });
  const { roomId, memberId, token } = seatedSchema.parse(await answer.json());
  const ask: ProgramSeat['ask'] = (method, where, json) =>
    fetch(`${url}${where}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(json !== undefined && { 'content-type': 'application/json' }) },
      ...(json !== undefined && { body: JSON.stringify(json) }),
    });
  return {
    roomId,
    memberId,
    token,
    ask,
    say: async (text, sender = 'Quiet Otter') => {
      const said = await ask('POST', `/api/messages?roomId=${roomId}`, { sender, text });
      if (said.status !== 201) throw new Error(`The message was not accepted: ${said.status} ${await said.text()}`);
    },
  };
}

function post(url: string, json: unknown): Promise<Response> {
  return fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(json) });
}
