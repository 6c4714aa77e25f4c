'use client';

import { useState, type ReactNode } from 'react';
import { useDeferred } from '@/components/ui/use-deferred';
import type { RoomSession } from '@/session/room-session';
import { useFileParts } from './use-file-parts';
import { ViewPicture } from './view-picture';

/** The one viewer that there is, over everything, and the way to it for all messages inside. */
export function Viewing({ session, children }: { session: RoomSession; children: ReactNode }) {
  const parts = useFileParts();
  // What loads files is fetched here as well, so that it is there after a deployment.
  useDeferred(session.files.part);
  const [key, setKey] = useState<string | null>(null);
  return (
    <ViewPicture value={setKey}>
      {children}
      {parts !== null && (
        <parts.PictureViewer session={session} shownKey={key} onTurn={setKey} onClose={() => setKey(null)} />
      )}
    </ViewPicture>
  );
}
