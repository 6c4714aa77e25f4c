import { describe, expect, it } from 'vitest';
import { EnvError, readEnv } from '@/server/env';

const UPSTASH = { UPSTASH_REDIS_REST_URL: 'https://eu1-wasp-1.upstash.io', UPSTASH_REDIS_REST_TOKEN: 'AXsecret' };

function faultsOf(source: Record<string, string | undefined>): readonly string[] {
  try {
    readEnv(source);
  } catch (error) {
    if (error instanceof EnvError) return error.faults;
    throw error;
  }
  return [];
}

describe('the settings', () => {
  it('run on a laptop with nothing set', () => {
    expect(readEnv({})).toEqual({
      port: 3000,
      hostname: '0.0.0.0',
      storage: { kind: 'embedded', maxBytes: 268_435_456 },
      rateLimits: true,
      trustedProxies: 0,
      onVercel: false,
      files: { maxBytes: 10_485_760, roomBytes: 41_943_040 },
      site: { publicRooms: true, contact: null, rules: null },
      operatorToken: null,
    });
  });

  it('are taken as they are set', () => {
    const source = {
      PORT: '8080',
      HOSTNAME: '::1',
      RATE_LIMITS: 'off',
      TRUSTED_PROXIES: '2',
      FILE_MAX_MB: '1',
      ROOM_FILES_MAX_MB: '1',
      REDIS_URL: 'rediss://u:p%40@h:6380/2',
      PUBLIC_ROOMS: 'on',
      OPERATOR_TOKEN: 'operator-token-0123456789',
      OPERATOR_CONTACT: 'mailto:rooms@example.org',
      OPERATOR_RULES: 'https://example.org/rules',
    };
    expect(readEnv(source)).toEqual({
      port: 8080,
      hostname: '::1',
      storage: { kind: 'redis', url: 'rediss://u:p%40@h:6380/2' },
      rateLimits: false,
      trustedProxies: 2,
      onVercel: false,
      files: { maxBytes: 1_048_576, roomBytes: 1_048_576 },
      site: { publicRooms: true, contact: 'mailto:rooms@example.org', rules: 'https://example.org/rules' },
      operatorToken: 'operator-token-0123456789',
    });
  });

  it.each([{ FILE_MAX_MB: '0' }, { ROOM_FILES_MAX_MB: '0' }])('turn files off by %o', (source) => {
    expect(readEnv(source).files).toBeNull();
  });

  it('count an empty variable as unset', () => {
    const empty = Object.fromEntries(
      [
        'PORT',
        'HOSTNAME',
        'UPSTASH_REDIS_REST_URL',
        'UPSTASH_REDIS_REST_TOKEN',
        'REDIS_URL',
        'RATE_LIMITS',
        'TRUSTED_PROXIES',
        'STORAGE_MAX_MB',
        'FILE_MAX_MB',
        'ROOM_FILES_MAX_MB',
        'PUBLIC_ROOMS',
        'OPERATOR_TOKEN',
        'OPERATOR_CONTACT',
        'OPERATOR_RULES',
        'VERCEL',
      ].map((name) => [name, '']),
    );
    expect(readEnv(empty)).toEqual(readEnv({}));
  });

  it('keep public rooms where rooms live in the process, and elsewhere only when set', () => {
    expect(readEnv({}).site.publicRooms).toBe(true);
    expect(readEnv({ PUBLIC_ROOMS: 'off' }).site.publicRooms).toBe(false);
    for (const storage of [UPSTASH, { REDIS_URL: 'redis://host' }]) {
      expect(readEnv(storage).site.publicRooms).toBe(false);
      expect(readEnv({ ...storage, PUBLIC_ROOMS: 'on' }).site.publicRooms).toBe(true);
    }
  });

  it('set the ceiling of the storage inside the process in megabytes', () => {
    expect(readEnv({ STORAGE_MAX_MB: '1' }).storage).toEqual({ kind: 'embedded', maxBytes: 1_048_576 });
    expect(readEnv({ STORAGE_MAX_MB: '65536' }).storage).toEqual({ kind: 'embedded', maxBytes: 68_719_476_736 });
  });

  it.each([{ REDIS_URL: 'redis://host' }, UPSTASH])(
    'accept that ceiling silently, and do not use it, beside %o',
    (settings) => {
      expect(readEnv({ ...settings, STORAGE_MAX_MB: '64' })).toEqual(readEnv(settings));
    },
  );

  it('use Upstash when both of its variables are set', () => {
    expect(readEnv(UPSTASH).storage).toEqual({
      kind: 'upstash',
      url: UPSTASH.UPSTASH_REDIS_REST_URL,
      token: 'AXsecret',
    });
  });

  it('trust the one proxy in front of everything on Vercel, unless another number is given', () => {
    expect(readEnv({ ...UPSTASH, VERCEL: '1' })).toMatchObject({ onVercel: true, trustedProxies: 1 });
    expect(readEnv({ ...UPSTASH, VERCEL: '1', TRUSTED_PROXIES: '0' }).trustedProxies).toBe(0);
  });

  it('refuse storage inside the process on Vercel', () => {
    expect(faultsOf({ VERCEL: '1' })).toEqual([expect.stringContaining('on Vercel rooms cannot live in one process')]);
  });

  it.each([
    [{ PORT: 'http' }, /^PORT is "http": it is a whole number from 0 to 65535$/],
    [{ PORT: '65536' }, /^PORT is 65536: it is a whole number/],
    [{ PORT: '3000.5' }, /^PORT is "3000\.5"/],
    [{ HOSTNAME: 'a host' }, /^HOSTNAME /],
    [{ RATE_LIMITS: 'yes' }, /^RATE_LIMITS is "yes": it is on or off$/],
    [{ PUBLIC_ROOMS: 'yes' }, /^PUBLIC_ROOMS is "yes": it is on or off$/],
    [{ OPERATOR_TOKEN: 'short' }, /^OPERATOR_TOKEN is shorter than 20 characters$/],
    [{ OPERATOR_TOKEN: 'a token with blanks in it' }, /^OPERATOR_TOKEN holds a blank/],
    [
      { OPERATOR_CONTACT: 'rooms@example.org' },
      /^OPERATOR_CONTACT is not a link that begins with https:\/\/ or mailto:$/,
    ],
    [{ OPERATOR_RULES: 'javascript:alert(1)' }, /^OPERATOR_RULES is not a link/],
    [{ OPERATOR_RULES: 'http://example.org' }, /^OPERATOR_RULES is not a link/],
    [{ TRUSTED_PROXIES: '-1' }, /^TRUSTED_PROXIES is "-1": it is a whole number, 0 or more$/],
    [{ TRUSTED_PROXIES: '1.5' }, /^TRUSTED_PROXIES is "1\.5"/],
    [{ FILE_MAX_MB: '101' }, /^FILE_MAX_MB is 101: it is a whole number of megabytes from 0 to 100$/],
    [{ FILE_MAX_MB: '10MB' }, /^FILE_MAX_MB is "10MB"/],
    [{ ROOM_FILES_MAX_MB: '1025' }, /^ROOM_FILES_MAX_MB is 1025: it is a whole number of megabytes from 0 to 1024$/],
    [{ FILE_MAX_MB: '41' }, /^FILE_MAX_MB is 41, and ROOM_FILES_MAX_MB is 40: one file may not be larger/],
    [{ ROOM_FILES_MAX_MB: '5' }, /^FILE_MAX_MB is 10, and ROOM_FILES_MAX_MB is 5/],
    [{ STORAGE_MAX_MB: '0' }, /^STORAGE_MAX_MB is 0: it is a whole number of megabytes from 1 to 65536$/],
    [{ STORAGE_MAX_MB: '65537' }, /^STORAGE_MAX_MB is 65537: it is a whole number of megabytes from 1 to 65536$/],
    [{ STORAGE_MAX_MB: '256MB' }, /^STORAGE_MAX_MB is "256MB": it is a whole number/],
    [{ STORAGE_MAX_MB: '-1' }, /^STORAGE_MAX_MB is "-1"/],
    [{ STORAGE_MAX_MB: '0x10' }, /^STORAGE_MAX_MB is "0x10"/],
    [{ REDIS_URL: 'redis://host', STORAGE_MAX_MB: 'x' }, /^STORAGE_MAX_MB is "x"/],
    [{ REDIS_URL: 'localhost:6379' }, /^REDIS_URL does not start with redis:\/\/ or rediss:\/\/$/],
    [{ REDIS_URL: 'http://localhost:6379' }, /^REDIS_URL does not start with/],
    [{ REDIS_URL: 'redis://' }, /^REDIS_URL (names no host|is not a URL)/],
    [{ REDIS_URL: 'redis://host:99999' }, /^REDIS_URL is not a URL/],
    [{ REDIS_URL: 'redis://host:6379/rooms' }, /^REDIS_URL ends with something other than the number of a database$/],
    [{ REDIS_URL: 'redis://:50%off@host' }, /^REDIS_URL holds a user or password that is not percent-encoded$/],
    [
      { ...UPSTASH, UPSTASH_REDIS_REST_URL: 'redis://host' },
      /^UPSTASH_REDIS_REST_URL does not start with https:\/\/ or http:\/\/$/,
    ],
    [{ ...UPSTASH, UPSTASH_REDIS_REST_URL: 'https://host?token=x' }, /^UPSTASH_REDIS_REST_URL is more than an address/],
    [{ ...UPSTASH, UPSTASH_REDIS_REST_TOKEN: 'a b' }, /^UPSTASH_REDIS_REST_TOKEN holds a blank/],
    [{ UPSTASH_REDIS_REST_URL: 'https://host' }, /^UPSTASH_REDIS_REST_TOKEN is not set, .*: set both or neither$/],
    [{ UPSTASH_REDIS_REST_TOKEN: 'x' }, /^UPSTASH_REDIS_REST_URL is not set, .*: set both or neither$/],
    [{ ...UPSTASH, REDIS_URL: 'redis://host' }, /drop REDIS_URL to use Upstash, or drop the other two/],
  ])('name the one fault of %o', (source, fault) => {
    expect(faultsOf(source)).toEqual([expect.stringMatching(fault)]);
  });

  it('list every fault at once, one line each', () => {
    const source = {
      PORT: 'x',
      RATE_LIMITS: 'x',
      TRUSTED_PROXIES: 'x',
      STORAGE_MAX_MB: 'x',
      REDIS_URL: 'x',
      UPSTASH_REDIS_REST_URL: 'x',
    };
    const faults = faultsOf(source);
    expect(faults.map((fault) => fault.split(' ', 1)[0])).toEqual([
      'PORT',
      'UPSTASH_REDIS_REST_URL',
      'REDIS_URL',
      'RATE_LIMITS',
      'TRUSTED_PROXIES',
      'STORAGE_MAX_MB',
      'UPSTASH_REDIS_REST_TOKEN',
      'REDIS_URL',
    ]);
    expect(faults.every((fault) => !fault.includes('\n'))).toBe(true);
    expect(() => readEnv(source)).toThrow(faults.join('\n- '));
  });

  it('repeat no token and no address that may hold a password', () => {
    const faults = faultsOf({
      UPSTASH_REDIS_REST_URL: 'https://x:sesame@host?sesame',
      UPSTASH_REDIS_REST_TOKEN: 'open sesame',
      REDIS_URL: 'redis://:sesame@host/sesame',
    });
    expect(faults).toHaveLength(4);
    expect(faults.join()).not.toContain('sesame');
  });
});
