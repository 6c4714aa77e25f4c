import * as z from 'zod/mini';
import type { Answer } from '@/domain/failure';
import { knockSchema, type Knock, type KnockId } from '@/domain/knock';
import type { RoomId } from '@/domain/room';
import type { RoomApi } from './api';

const ANSWER_MS_MAX = 15_000;

const knocksSchema = z.object({ knocks: z.array(knockSchema) });

/** The owner's calls about people at the door. Few rooms have any, so they are fetched with what shows these people. No call throws. */
export function createKnockApi({ request }: Pick<RoomApi, 'request'>, roomId: RoomId) {
  const pathOf = (query: Record<string, string> = {}) =>
    `/api/knocks?${new URLSearchParams({ roomId, ...query }).toString()}`;

  return {
    /** Everybody who waits, in the order in which they came. */
    read: (): Promise<Answer<readonly Knock[]>> =>
      request(pathOf(), { cache: 'no-store', signal: AbortSignal.timeout(ANSWER_MS_MAX) }, async (response) => {
        const parsed = knocksSchema.safeParse(await response.json());
        return parsed.success ? parsed.data.knocks : null;
      }),
    answer: (knockId: KnockId, admit: boolean): Promise<Answer<true>> => done(request, pathOf({ knockId }), { admit }),
  };
}

/** Reports a room on the front page to whoever runs the server. */
export const reportRoom = (
  { request }: Pick<RoomApi, 'request'>,
  roomId: RoomId,
  reason: string,
): Promise<Answer<true>> =>
  done(request, `/api/reports?${new URLSearchParams({ roomId }).toString()}`, reason === '' ? {} : { reason });

const done = (request: RoomApi['request'], path: string, body: object): Promise<Answer<true>> =>
  request(
    path,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    },
    ({ status }) => Promise.resolve(status === 204 || null),
  );
