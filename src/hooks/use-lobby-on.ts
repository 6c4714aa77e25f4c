'use client';

/**
 * Whether this site lists public rooms, as the page's own markup says: the server knows it with the first byte, and no part of the
 * page has to hand it on. To be called for what is drawn in the browser only.
 */
export const useLobbyOn = (): boolean => document.documentElement.dataset['publicRooms'] === 'on';
