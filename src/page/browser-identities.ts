import { createIdentityStore, type IdentityStore } from './identity-store';

let identities: IdentityStore | undefined;

/** This browser's keys, one store for the whole visit: the front page makes them, and the room's page finds them even in memory. */
export const browserIdentities = (): IdentityStore => (identities ??= createIdentityStore());
