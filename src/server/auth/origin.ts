import 'server-only';

/** Header that carries the socket's own address, set at the start of a request over whatever the client sent. */
export const PEER_ADDRESS_HEADER = 'x-mayfly-peer-address';

/** Header that carries a method no page takes, because Next copies the bodies of such requests. */
export const PAGE_METHOD_HEADER = 'x-mayfly-page-method';

const list = (header: string | null): string[] =>
  (header ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** Returns the value that the outermost trusted proxy wrote; anything before it is the client's own claim. */
const fromTrusted = (header: string | null, trustedProxies: number): string | undefined =>
  trustedProxies > 0 ? list(header).slice(-trustedProxies)[0] : undefined;

/** Whether the person's own connection is encrypted. */
export function isHttps(headers: Headers, trustedProxies: number): boolean {
  // We speak http ourselves, and a request's URL is built from this very header, trusted or not.
  return fromTrusted(headers.get('x-forwarded-proto'), trustedProxies) === 'https';
}

/**
 * Whether a page of another origin sent this. Browsers send `Origin` with every changing request and
 * `null` from sandboxes; other clients send none.
 */
export function isCrossOrigin(request: Request, trustedProxies: number): boolean {
  const origin = request.headers.get('origin');
  if (origin === null) return false;
  const host = fromTrusted(request.headers.get('x-forwarded-host'), trustedProxies) ?? request.headers.get('host');
  if (!URL.canParse(origin)) return true;
  // The scheme is not compared: behind a proxy the server knows the host for sure, but not the scheme.
  const { protocol, host: wanted } = new URL(origin);
  return wanted !== host?.toLowerCase().replace(protocol === 'https:' ? /:443$/ : /:80$/, '');
}

/**
 * Whether a page of another site asked for this, perhaps as an image or a script. Browsers say so with every request; other
 * clients do not.
 */
export function isCrossSite(headers: Headers): boolean {
  const site = headers.get('sec-fetch-site');
  return site === 'cross-site' || site === 'same-site';
}

/**
 * Returns the client's address as rate limits see it: IPv6 by its /64, because a person has a whole one. Without a trusted
 * proxy it is the socket's own; with N of them, the one that the outermost wrote down.
 */
export function clientAddress(headers: Headers, trustedProxies: number): string {
  const peer = headers.get(PEER_ADDRESS_HEADER) ?? 'unknown';
  return networkOf(fromTrusted(headers.get('x-forwarded-for'), trustedProxies) ?? peer);
}

function networkOf(address: string): string {
  // Some proxies write the port, too.
  const ipv4 = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)(?::\d+)?$/i.exec(address);
  if (ipv4?.[1] !== undefined) return ipv4[1];
  if (!address.includes(':')) return address;
  const [head = '', tail = ''] = address
    .toLowerCase()
    .replace(/^\[|\].*$/g, '')
    .split('::', 2);
  const left = head === '' ? [] : head.split(':');
  const right = tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  return (
    [...left, ...zeros, ...right]
      .slice(0, 4)
      .map((group) => group.replace(/^0+(?=.)/, ''))
      .join(':') + '::/64'
  );
}
