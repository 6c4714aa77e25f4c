/** What a room's page shows outside the room, but for the door and what does without the server. Fetched when the browser is idle. */
export { EndedScreen } from './ended-screen';
export { KeyTroubleScreen } from './key-trouble-screen';
