/** What shows an owner who is at the door. */
export { KnockList } from './knock-list';
export { KnockToast } from './knock-toast';
