'use client';

import type { ReactNode } from 'react';
import { buttonClass } from '@/components/ui/button';

interface TalkRoomLinkProps {
  /** Of this site, with the key. */
  path: string;
  /** It is followed, in whatever way. */
  onFollow: () => void;
  children: ReactNode;
}

/** The way to the room, which opens in a tab of its own: a link, so no browser keeps it shut, and neither tab can reach into the other. */
export function TalkRoomLink({ path, onFollow, children }: TalkRoomLinkProps) {
  return (
    <a
      href={path}
      target="_blank"
      rel="noopener noreferrer"
      onClick={onFollow}
      onAuxClick={({ button }) => button === 1 && onFollow()}
      className={buttonClass('primary')}
    >
      {children}
    </a>
  );
}
