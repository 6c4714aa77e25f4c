import { WHISPER_CHARACTERS_MAX } from '@/domain/limits';
import type { Answer } from '@/domain/failure';
import type { MemberId, RoomId } from '@/domain/room';
import type { RoomApi } from './api';

const ANSWER_MS_MAX = 15_000;

/** Says something to one member alone, who hears it now or never. It is rare, so it is no call of `createRoomApi`, which every page loads. */
export function whisper(
  { request }: Pick<RoomApi, 'request'>,
  roomId: RoomId,
  to: MemberId,
  text: string,
): Promise<Answer<true>> {
  if (text.length > WHISPER_CHARACTERS_MAX) throw new RangeError('longer than a whisper may be');
  return request(
    `/api/whispers?${new URLSearchParams({ roomId, to }).toString()}`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text }),
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    },
    ({ status }) => Promise.resolve(status === 204 || null),
  );
}
