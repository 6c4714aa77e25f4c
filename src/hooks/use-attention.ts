'use client';

import { useEffect, useEffectEvent } from 'react';
import { callForAttention, type Announce } from '@/page/attention/attention';
import { browserSigns } from '@/page/attention/browser-attention';
import type { RoomSession } from '@/session/room-session';

/** Makes the page call for attention while it is hidden. */
export function useAttention(session: RoomSession, announce: Announce): void {
  const say = useEffectEvent(announce);
  useEffect(
    () => callForAttention(session, browserSigns(session.roomId), (news, isNamed) => say(news, isNamed)),
    [session],
  );
}
