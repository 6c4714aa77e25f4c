/** What sends files and voices; fetched together, once the page stands. */
export { Attach } from './attach';
export { Uploads } from './uploads';
export { VoiceButton } from './voice-button';
