/** Every page that knows this file has it from the beginning, so this is where the document was loaded, wherever it has gone since. */
const loadedAt = typeof window === 'undefined' ? '' : window.location.pathname;

/**
 * Whether the server sent this document as a room's page. The browser holds all that a document becomes to the headers it was loaded
 * with, and only those of a room's page let it show pictures from memory and use the microphone.
 */
export const isRoomDocument = (): boolean => loadedAt.startsWith('/room/');
