/** The dialogs that are fetched together once the page stands. */
export { DestroyDialog } from './header/destroy-dialog';
export { LeaveDialog } from './header/leave-dialog';
export { RenewLinkDialog } from './header/renew-link-dialog';
export { SearchDialog } from './search/search-dialog';
export { PersonDetails } from './people/person-details';
export { RemovePersonDialog } from './people/remove-person-dialog';
