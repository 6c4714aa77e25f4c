export { browserPage } from '@/client/page-signals';
export { openEventStream } from '@/client/room-stream';
