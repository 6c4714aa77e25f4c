import { startUpstashBridge } from '@tests/support/upstash-bridge';

/** Upstash's interface in a process of its own, which ends when it is killed: what it costs is no delay of the process that measures. */
const bridge = await startUpstashBridge(process.env.BENCH_REDIS_URL ?? '');
console.log(bridge.url);
