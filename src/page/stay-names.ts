/**
 * Sent with a room's page alone, by a browser that is inside that room. The server's first drawing depends on it, and nothing else
 * does: it is no credential.
 */
export const SEATED_COOKIE = 'seated';

/** Where a tab notes in which room it is. */
export const STAY_KEY = 'mayfly:stay';
