/** What shows a room beside its frame and the composer. It is fetched with them, and nobody has to wait for it to write. */
export { InviteCard } from './invite/invite-card';
export { MenuItems } from './header/menu-items';
export { PeoplePanel } from './people/people-panel';
export { dissolve } from './screens/dissolve';
export { TypingNames } from './signals/typing-names';
export { Transcript } from './transcript/transcript';
