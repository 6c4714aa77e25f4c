'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import type { Answer, Failure } from '@/domain/failure';
import type { NameWords } from '@/domain/names';
import type { OpenedRoom, OpenRoomOptions } from '@/page/open-room';
import { roomCache } from '@/page/room-cache';
import { useNameWords } from './use-name-words';

/** The code that makes a key and calls the server is not part of the page: it is loaded once the page is there. */
const loadOpening = () => import('@/page/open-room');

/** Makes a room on the server that the page came from: a sealed one, unless it is to be public or `isSealed` says otherwise. */
export async function openRoomHere(
  options: OpenRoomOptions,
  names: NameWords,
  isSealed = options.listed !== true,
): Promise<Answer<OpenedRoom>> {
  let opening;
  try {
    opening = await loadOpening();
  } catch {
    // It could not be loaded, earlier or now. The next press tries again.
    return { ok: false, failure: { reason: navigator.onLine ? 'unreachable' : 'offline' } };
  }
  try {
    return await (isSealed ? opening.openSealedRoomHere(options, names) : opening.openPlainRoomHere(options));
  } catch (fault) {
    // A fault of ours or of the browser's cryptography; Safari before 15.4 cannot report it.
    if ('reportError' in window) window.reportError(fault);
    return { ok: false, failure: { reason: 'internal_error' } };
  }
}

const loadSession = () => import(/* webpackChunkName: "inside" */ '@/page/browser-session');

/** Makes a room, its key in this browser where it is sealed, and goes there. `loadScreen` fetches what draws the inside of a room. */
export function useOpenRoom(loadScreen: () => Promise<unknown>): {
  opening: boolean;
  failure: Failure | null;
  openRoom: (options?: OpenRoomOptions) => void;
} {
  const router = useRouter();
  const names = useNameWords();
  // Until the room's page is there, a second click would make a second room: `opening` ends with this page or a failure.
  const [opening, setOpening] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  useEffect(() => {
    // While the page is being read, so that the press need not wait for it.
    loadOpening().catch(() => undefined);
    // Back from the room, it may be the very page that was left.
    const restored = ({ persisted }: PageTransitionEvent) => persisted && setOpening(false);
    window.addEventListener('pageshow', restored);
    return () => window.removeEventListener('pageshow', restored);
  }, []);

  /**
   * By a new page load: the browser holds a document to the headers that it was loaded with, and only those of a room's page let it show
   * pictures from memory and use the microphone. Keys that are in this page's memory alone would be lost by that.
   */
  function enter({ path, keys, view }: OpenedRoom) {
    if (keys === 'lasting') {
      window.location.assign(path);
      return;
    }
    roomCache.put(view);
    router.push(path);
  }

  async function openAndGo(options: OpenRoomOptions) {
    setOpening(true);
    setFailure(null);
    // Beside making the room; the room's page asks again for what does not arrive.
    Promise.all([loadSession(), loadScreen()]).catch(() => undefined);
    const answer = await openRoomHere(options, names);
    if (answer.ok) enter(answer.value);
    else {
      setFailure(answer.failure);
      setOpening(false);
    }
  }

  return { opening, failure, openRoom: (options = {}) => void openAndGo(options) };
}
