import { ActionFailure } from '@/components/room/header/action-failure';
import type { RoomSession } from '@/session/room-session';
import { SteeringNotes } from '@/components/room/steering/steering-notes';
import { PrivateTalk } from '@/components/room/private-talk/private-talk';
import { FleetingKeysNote } from './fleeting-keys-note';
import { MutedNote } from './muted-note';
import { OutdatedNote } from './outdated-note';
import { WaitingNote } from './waiting-note';

interface NotesProps {
  session: RoomSession;
  /** The browser does not store this member’s keys. */
  hasFleetingKeys: boolean;
  /** Gives the focus back to where one writes. */
  onDone: () => void;
}

/** What there is to know above the composer at times. */
export function Notes({ session, hasFleetingKeys, onDone }: NotesProps) {
  return (
    <>
      <ActionFailure session={session} />
      <PrivateTalk session={session} onDone={onDone} />
      <OutdatedNote session={session} />
      <MutedNote session={session} />
      {hasFleetingKeys && <FleetingKeysNote />}
      <SteeringNotes session={session} onDone={onDone} />
      <WaitingNote session={session} />
    </>
  );
}
