import { ActionFailure } from '@/components/room/header/action-failure';
import type { RoomSession } from '@/session/room-session';
import { SteeringNotes } from '@/components/room/steering/steering-notes';
import { FleetingKeysNote } from './fleeting-keys-note';
import { MutedNote } from './muted-note';
import { OutdatedNote } from './outdated-note';
import { WaitingNote } from './waiting-note';

interface NotesProps {
  session: RoomSession;
  /** The browser does not store this member’s keys. */
  hasFleetingKeys: boolean;
  onDone: () => void;
}

/** What there is to know above the composer at times. */
export function Notes({ session, hasFleetingKeys, onDone }: NotesProps) {
  return (
    <>
      <ActionFailure session={session} />
      <OutdatedNote session={session} />
      <MutedNote session={session} />
      {hasFleetingKeys && <FleetingKeysNote />}
      <SteeringNotes session={session} onDone={onDone} />
      <WaitingNote session={session} />
    </>
  );
}
