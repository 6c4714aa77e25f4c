import type { MemberId, RoomId } from '@/domain/room';
import { parseKept, type KeptIdentity } from './identity-store';

/** The part of BroadcastChannel that this needs. */
export interface KeyChannel {
  postMessage: (message: unknown) => void;
  onmessage: ((event: MessageEvent<unknown>) => void) | null;
  close: () => void;
}
export type OpenKeyChannel = (name: string) => KeyChannel;

/** A tab that has the keys answers within milliseconds, a frozen one never. */
const ANSWER_MS = 400;

const ASKING = 'who has the keys?';
const channelName = (roomId: RoomId) => `mayfly:keys:${roomId}`;

/**
 * Gives the keys to other tabs of this browser that lost or never had them: its storage may have been cleared while this tab has them in
 * memory. They go as keys, which cannot be exported. Returns a function that stops.
 */
export function shareKeys(open: OpenKeyChannel | undefined, roomId: RoomId, kept: () => KeptIdentity): () => void {
  const channel = open?.(channelName(roomId));
  if (channel === undefined) return () => undefined;
  channel.onmessage = ({ data }) => {
    if (data !== ASKING) return;
    try {
      channel.postMessage(kept());
    } catch {
      // This browser does not pass keys from tab to tab: the one that asked makes new ones when its time is up.
    }
  };
  return () => channel.close();
}

/** Asks the other tabs of this browser for the keys of its seat; null when none has them, or none answers. */
export async function askForKeys(
  open: OpenKeyChannel | undefined,
  roomId: RoomId,
  memberId: MemberId,
): Promise<KeptIdentity | null> {
  const channel = open?.(channelName(roomId));
  if (channel === undefined) return null;
  const kept = await new Promise<KeptIdentity | null>((resolve) => {
    const timer = setTimeout(() => resolve(null), ANSWER_MS);
    channel.onmessage = ({ data }) => {
      const answer = parseKept(data);
      if (answer?.identity.memberId !== memberId) return;
      clearTimeout(timer);
      resolve(answer);
    };
    channel.postMessage(ASKING);
  });
  channel.close();
  return kept;
}
