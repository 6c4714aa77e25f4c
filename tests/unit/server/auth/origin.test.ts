import { describe, expect, it } from 'vitest';
import { clientAddress, isCrossOrigin, isHttps, PEER_ADDRESS_HEADER } from '@/server/auth/origin';

const request = (headers: Record<string, string>, url = 'http://localhost/api/room') =>
  new Request(url, { method: 'POST', headers });

describe('a request of another origin', () => {
  it.each([
    [{}, false],
    [{ origin: 'http://a.example', host: 'a.example' }, false],
    [{ origin: 'https://a.example', host: 'a.example' }, false],
    [{ origin: 'https://a.example:8443', host: 'a.example:8443' }, false],
    [{ origin: 'https://a.example', host: 'A.EXAMPLE' }, false],
    [{ origin: 'https://a.example:443', host: 'a.example' }, false],
    [{ origin: 'https://a.example', host: 'a.example:443' }, false],
    [{ origin: 'https://a.example', host: 'A.example:443' }, false],
    [{ origin: 'http://a.example', host: 'a.example:80' }, false],
    [{ origin: 'https://[2001:db8::443]', host: '[2001:db8::443]:443' }, false],
    [{ origin: 'https://a.example', host: 'a.example:80' }, true],
    [{ origin: 'http://a.example', host: 'a.example:443' }, true],
    [{ origin: 'https://a.example', host: 'a.example:8443' }, true],
    [{ origin: 'https://a.example', host: 'a.example:443:443' }, true],
    [{ origin: 'https://a.example:8443', host: 'a.example' }, true],
    [{ origin: 'https://b.example', host: 'a.example' }, true],
    [{ origin: 'https://a.example.b.example', host: 'a.example' }, true],
    [{ origin: 'https://a.example@b.example', host: 'a.example' }, true],
    [{ origin: 'null', host: 'a.example' }, true],
    [{ origin: 'null', host: 'null' }, true],
    [{ origin: '', host: 'a.example' }, true],
    [{ origin: 'a.example', host: 'a.example' }, true],
    [{ origin: 'https://a.example', 'x-forwarded-host': 'a.example', host: 'inside' }, true],
  ])('%j: %s', (headers: Record<string, string>, expected) => {
    expect(isCrossOrigin(request(headers), 0)).toBe(expected);
  });

  it('is recognised by the host that the outermost trusted proxy wrote', () => {
    const headers = { origin: 'https://a.example', host: 'inside', 'x-forwarded-host': 'b.example, a.example, inside' };
    expect([1, 2, 3].map((proxies) => isCrossOrigin(request(headers), proxies))).toEqual([true, false, true]);
    expect(isCrossOrigin(request({ origin: 'https://a.example', host: 'a.example' }), 1)).toBe(false);
    expect(
      isCrossOrigin(request({ origin: 'https://a.example', 'x-forwarded-host': 'a.example:443', host: 'inside' }), 1),
    ).toBe(false);
  });
});

describe('an encrypted connection', () => {
  it.each([
    [{}, 1, false],
    [{ 'x-forwarded-proto': 'https' }, 0, false],
    [{ 'x-forwarded-proto': 'https' }, 1, true],
    [{ 'x-forwarded-proto': 'http' }, 1, false],
    [{ 'x-forwarded-proto': 'https, http' }, 1, false],
    [{ 'x-forwarded-proto': 'https, http' }, 2, true],
  ])('%j behind %d proxies: %s', (headers: Record<string, string>, proxies, expected) => {
    expect(isHttps(new Headers(headers), proxies)).toBe(expected);
  });
});

describe('the address of a client', () => {
  const addressOf = (peer: string, forwarded: string | null = null, proxies = 0) =>
    clientAddress(
      new Headers({ [PEER_ADDRESS_HEADER]: peer, ...(forwarded !== null && { 'x-forwarded-for': forwarded }) }),
      proxies,
    );

  it('is the socket’s own, whatever the client claims', () => {
    expect(addressOf('192.0.2.1', '8.8.8.8')).toBe('192.0.2.1');
    expect(addressOf('192.0.2.1', null, 1)).toBe('192.0.2.1');
    expect(addressOf('192.0.2.1', ' , ', 1)).toBe('192.0.2.1');
  });

  it('is what the outermost trusted proxy saw', () => {
    const forwarded = '8.8.8.8, 203.0.113.5, 198.51.100.7';
    expect([1, 2, 3].map((proxies) => addressOf('192.0.2.1', forwarded, proxies))).toEqual([
      '198.51.100.7',
      '203.0.113.5',
      '8.8.8.8',
    ]);
  });

  it.each([
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:0001:0002::', '2001:db8:1:2::/64'],
    ['2001:db8::6', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['1::', '1:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['[2001:db8:1:2::9]:443', '2001:db8:1:2::/64'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:192.0.2.1', '192.0.2.1'],
    ['192.0.2.1:8080', '192.0.2.1'],
    ['unix', 'unix'],
  ])('%s counts as %s', (address, network) => {
    expect(addressOf(address)).toBe(network);
    expect(addressOf('192.0.2.9', address, 1)).toBe(network);
  });
});
