/** What a site with public rooms shows on its front page, fetched once one can make a room. */
export { PublicFields, readListing } from './public-fields';
export { PublicRooms } from './public-rooms';
