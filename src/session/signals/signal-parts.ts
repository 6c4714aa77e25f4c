/** Fetched when one can read and write. */
export { seenMarks, withSame } from './seen-marks';
export { createSignalling } from './signalling';
