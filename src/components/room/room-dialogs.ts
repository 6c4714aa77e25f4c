/** The dialogs that are fetched together once the page stands. */
export { DestroyDialog } from './header/destroy-dialog';
export { LeaveDialog } from './header/leave-dialog';
export { RenewLinkDialog } from './header/renew-link-dialog';
export { LastWords } from './last-words/last-words';
export { RoomOfferCard } from './last-words/room-offer';
export { SearchDialog } from './search/search-dialog';
export { PersonDetails } from './people/person-details';
export { RemovePersonDialog } from './people/remove-person-dialog';
export { HelpDialog } from './help/help-dialog';
