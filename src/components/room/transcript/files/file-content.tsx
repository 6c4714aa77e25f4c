'use client';

import { useState } from 'react';
import { previewOf } from '@/components/room/files/preview-of';
import { faceOfFile } from '@/components/room/files/kind-of-file';
import { useDownload } from '@/hooks/use-download';
import type { SharedFile } from '@/session/files/shared-file';
import type { MessageEntry } from '@/session/messages/transcript';
import type { RoomSession } from '@/session/room-session';
import { FileCard } from './file-card';
import { Picture } from './picture';
import { Recording } from './recording';
import { VoiceMessage } from './voice-message';

interface FileContentProps {
  message: MessageEntry;
  file: SharedFile;
  session: RoomSession;
}

/** A file as what it is: before it is loaded by what its author says of it, and then by its bytes alone. */
export function FileContent({ message, file, session }: FileContentProps) {
  'use memo';
  const { download, load, release } = useDownload(session, file);
  /** The bytes begin like something that can be shown, and the browser cannot. */
  const [isBroken, setIsBroken] = useState(false);
  const face = isBroken && download.state === 'ready' ? 'card' : faceOfFile(file, download);
  const loading = { file, download, onLoad: load, onStop: release };
  switch (face) {
    case 'picture':
      return <Picture {...loading} message={message} onBroken={() => setIsBroken(true)} />;
    case 'voice':
      return <VoiceMessage {...loading} />;
    default:
      return (
        <FileCard {...loading}>
          {download.state === 'ready' && face !== 'card' && (
            <Recording kind={face} url={download.url} poster={previewOf(file)} onBroken={() => setIsBroken(true)} />
          )}
        </FileCard>
      );
  }
}
