export { createRealtime, RealtimeProvider } from '@upstash/realtime/client';
