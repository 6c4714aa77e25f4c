export { browserPage } from '@/page/browser-page';
export { openEventStream } from '@/client/room-stream';
