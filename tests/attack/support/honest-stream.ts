import { setTimeout as pause } from 'node:timers/promises';
import type { Seat } from './visitor';

const RETURN_MS = 200;

/**
 * Follows a seat's stream as a page does: whenever the server ends it, it reconnects and resumes, until `signal`
 * aborts. Calls `onMessage` with the id of each honest message. Resolves once the stream is live.
 */
export async function followMessages(
  url: string,
  seat: Seat,
  signal: AbortSignal,
  onMessage: (id: string) => void,
): Promise<void> {
  let cursor: string | undefined;
  const follow = async (onConnected: () => void) => {
    const ack = cursor === undefined ? '' : `&last_ack_${seat.roomId}=${cursor}`;
    const { status, body } = await fetch(`${url}/api/realtime?channel=${seat.roomId}${ack}`, {
      headers: { authorization: `Bearer ${seat.token}`, 'x-forwarded-for': seat.visitor.address },
      signal,
    });
    if (status !== 200 || body === null) throw new Error(`The stream was refused: ${status}`);
    let rest = '';
    for await (const text of body.pipeThrough(new TextDecoderStream())) {
      const frames = (rest + text).split('\n\n');
      rest = frames.pop() ?? '';
      for (const frame of frames) {
        if (frame.includes('"type":"connected"')) onConnected();
        if (!frame.includes('"event":"chat.message"')) continue;
        cursor = /"id":"(\d+-\d+)"/.exec(frame)?.[1] ?? cursor;
        const id = /"id":"(honest-\d+)"/.exec(frame)?.[1];
        if (id !== undefined) onMessage(id);
      }
    }
  };
  await new Promise<void>((resolve, reject) => {
    const goOn = async () => {
      while (!signal.aborted) {
        // A stream that cannot be opened later shows up as messages that nobody heard; the first one must be opened.
        await follow(resolve).catch(reject);
        await pause(RETURN_MS);
      }
    };
    void goOn();
  });
}
