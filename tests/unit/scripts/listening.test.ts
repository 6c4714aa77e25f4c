import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { browserAddress, isBanner, listenHost } from '../../../scripts/listening.mjs';

describe('the address that the server listens on', () => {
  it.each([
    ['nothing is chosen', undefined],
    ['the setting is empty', ''],
    ["the machine's own name, which nobody chose, stands there", hostname()],
  ])('is every interface when %s', (_, chosen) => {
    expect(['::', '0.0.0.0']).toContain(listenHost(chosen));
  });

  it('is otherwise the chosen one', () => {
    expect(listenHost('127.0.0.1')).toBe('127.0.0.1');
  });
});

describe('the printed address', () => {
  it.each([
    ['::', 'http://localhost:3000'],
    ['0.0.0.0', 'http://localhost:3000'],
    ['127.0.0.1', 'http://127.0.0.1:3000'],
    ['::1', 'http://[::1]:3000'],
  ])('for %s is one that a browser can open: %s', (host, address) => {
    expect(browserAddress(host, 3000)).toBe(address);
  });
});

describe("Next's banner", () => {
  it.each([
    '▲ Next.js 16.4.6',
    '\u001b[1m▲ Next.js 16.4.6\u001b[22m',
    '- Local:         http://localhost:3000',
    ' ✓ Ready in 0ms',
    '',
  ])('includes %j', (line) => {
    expect(isBanner(line)).toBe(true);
  });

  it.each(['{"level":"error","event":"storage_unavailable"}', '⨯ Failed to start server', 'Error: - Local'])(
    'does not include %j',
    (line) => {
      expect(isBanner(line)).toBe(false);
    },
  );
});
