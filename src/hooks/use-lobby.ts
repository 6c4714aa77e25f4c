'use client';

import { useEffect, useState } from 'react';
import { browserLobby } from '@/page/browser-lobby';
import type { LobbyState } from '@/page/lobby';
import { useStore } from './use-store';

/** The public rooms and numbers of this site, read again and again while the page is in sight. For what is drawn in the browser only. */
export function useLobby(): LobbyState {
  const [lobby] = useState(browserLobby);
  useEffect(() => lobby.start(), [lobby]);
  return useStore(lobby);
}
