'use client';

import type { SharedFile } from '@/session/files/shared-file';
import type { MessageEntry } from '@/session/messages/transcript';
import type { RoomSession } from '@/session/room-session';
import { cutName } from '@/components/room/files/cut-name';
import { useFileParts } from './use-file-parts';

interface MessageFileProps {
  message: MessageEntry;
  file: SharedFile;
  session: RoomSession;
}

/** The file of a message; its name until there is what shows it. */
export function MessageFile({ message, file, session }: MessageFileProps) {
  const parts = useFileParts();
  if (parts !== null) return <parts.FileContent message={message} file={file} session={session} />;
  return (
    <div className="flex min-h-14 items-center">
      <bdi dir="auto">{cutName(file.name)}</bdi>
    </div>
  );
}
