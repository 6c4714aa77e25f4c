import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { warnOfForwarding } from '@/server/auth/forwarded-warning';

let written: string[] = [];
beforeEach(() => {
  written = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((line) => {
    written.push(String(line));
    return true;
  });
});
afterEach(() => void vi.restoreAllMocks());

describe('a forwarded header while no proxy is trusted', () => {
  it.each(['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'forwarded'])(
    'is reported once, without its value: %s',
    (name) => {
      const note = warnOfForwarding(0);
      note({ host: 'a.example' });
      expect(written).toEqual([]);
      for (let count = 0; count < 3; count += 1) note({ host: 'a.example', [name]: '198.51.100.7' });
      expect(written).toHaveLength(1);
      expect(JSON.parse(written[0] ?? '')).toMatchObject({ level: 'warn', event: 'proxy.not_trusted' });
      expect(written[0]).not.toContain('198.51.100.7');
    },
  );

  it('is nothing to report where proxies are trusted', () => {
    warnOfForwarding(1)({ 'x-forwarded-for': '198.51.100.7' });
    expect(written).toEqual([]);
  });
});
