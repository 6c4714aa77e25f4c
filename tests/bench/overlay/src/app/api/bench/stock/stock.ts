import { Realtime } from '@upstash/realtime';
import { Redis } from '@upstash/redis';
import { roomEvents } from '@/domain/events';
import { env } from '@/server/env';
import { storage } from '@/server/storage/client';

const HISTORY_SECONDS = 600;

async function open() {
  const { storage: settings } = env();
  const redis = settings.kind === 'upstash' ? new Redis(settings) : new Redis((await storage()).requester);
  return new Realtime({
    redis,
    schema: roomEvents,
    history: { expireAfterSecs: HISTORY_SECONDS },
    maxDurationSecs: 300,
  });
}

let opened: ReturnType<typeof open> | undefined;

/** Upstash Realtime as its documentation sets it up, on the storage that the settings name. */
export const stockRealtime = () => (opened ??= open());
