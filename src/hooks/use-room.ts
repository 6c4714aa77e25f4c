'use client';

import { useEffect, useState } from 'react';
import { browserEnvironment } from '@/page/environment';
import { createRoomPage, type RoomPage } from '@/page/room-page';
import type { LoadingScreen, RoomScreen } from '@/page/room-screen';
import { createStore } from '@/lib/store';
import { useNameWords } from './use-name-words';
import { useStore } from './use-store';

export type { RoomScreen } from '@/page/room-screen';
export type { ServerClock } from '@/session/server-clock';

const NOTHING_YET: LoadingScreen = {
  state: 'loading',
  seated: false,
  suggestedName: null,
  joining: false,
  join: () => undefined,
};
/** What the server draws: a guest's page, or a member's. */
const ON_THE_SERVER = {
  guest: createStore<RoomScreen>(NOTHING_YET),
  member: createStore<RoomScreen>({ ...NOTHING_YET, seated: true }),
};

/** The page of a room, from the first look to its end; `seated` as the server knew it. `loadScreen` fetches what draws its inside. */
export function useRoom(roomId: string, seated: boolean, loadScreen: () => Promise<unknown>): RoomScreen {
  const names = useNameWords();
  const [page] = useState(() =>
    typeof window === 'undefined' ? null : createRoomPage(roomId, browserEnvironment(names, loadScreen), seated),
  );
  useEffect(() => page?.start(), [page]);
  const screen = useStore(page?.screen ?? ON_THE_SERVER[seated ? 'member' : 'guest']);
  useNothingKept(page, screen);
  return screen;
}

/** Has React let go of a room that is over: else its names and keys would stay in memory, and all elements that showed it. */
function useNothingKept(page: RoomPage | null, screen: RoomScreen): void {
  const [, setDrawn] = useState<RoomScreen>();
  // React remembers the field that had the focus until that loses it, which no browser reports of a field that is removed.
  useEffect(
    () =>
      page?.screen.subscribe(() => {
        const { activeElement } = document;
        if (page.screen.get().state === 'ended' && activeElement instanceof HTMLElement) activeElement.blur();
      }),
    [page],
  );
  // Beside what it shows, it keeps what it showed before. Drawing the end once more takes its place.
  useEffect(() => {
    if (screen.state !== 'ended') return;
    const timer = setTimeout(() => setDrawn(screen), 0);
    return () => clearTimeout(timer);
  }, [screen]);
}
