import 'server-only';
import { log } from '@/server/log';

const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'] as const;

/**
 * Returns a function that looks at the headers of every request. It warns once when they show a proxy that the settings
 * do not mention: everybody would share one address and its limits, and cookies would lack `Secure`.
 */
export function warnOfForwarding(trustedProxies: number): (headers: Readonly<Record<string, unknown>>) => void {
  let silent = trustedProxies > 0;
  return (headers) => {
    if (silent || !FORWARDED.some((name) => name in headers)) return;
    silent = true;
    log('warn', 'proxy.not_trusted', {
      advice:
        'A request came with a forwarded header, and TRUSTED_PROXIES is 0. Behind a proxy, set it: all people count as one address.',
    });
  };
}
