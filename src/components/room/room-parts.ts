/** What shows a room around the composer. It is fetched with the composer, and nobody has to wait for it to write. */
export { Notes } from './composer/notes';
export { ConnectionNote } from './header/connection';
export { RoomHeader } from './header/room-header';
export { PeoplePanel } from './people/people-panel';
export { PeopleSheet } from './people/people-sheet';
export { dissolve } from './screens/dissolve';
export { TypingNames } from './signals/typing-names';
export { Transcript } from './transcript/transcript';
