import fc from 'fast-check';

/** A command as words. `@2` stands for the third id that a stream assigned by itself in this run. */
export type Words = [string, ...string[]];

const FAR_FUTURE_SECONDS = '4102444800';
const FAR_FUTURE_MS = `${FAR_FUTURE_SECONDS}000`;

/** Few keys, so that commands of all types meet on each of them. */
export const KEYS = ['a', 'b', '{room}:c', 'ключ'];
const key = fc.constantFrom(...KEYS);
const text = fc.constantFrom(
  '',
  'x',
  'y',
  '10',
  '-3',
  '007',
  '3.5',
  'hé ✓ 🙂',
  '\u0000\u0001',
  'a\r\nb',
  '9223372036854775807',
);
const field = fc.constantFrom('f', 'g', 'h', '');
const integer = fc.constantFrom(
  ...['0', '1', '2', '3', '-1', '-2', '100', '-100'],
  ...['', 'abc', '1.5', '+1', '01', '-0', ' 1', '9223372036854775807', '-9223372036854775808', '9223372036854775808'],
);
const position = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -5, max: 5 }).map(String) },
  { weight: 1, arbitrary: integer },
);
const score = fc.constantFrom(
  '0',
  '1',
  '-1',
  '1.5',
  '2',
  '2',
  '-2.25',
  'inf',
  '-inf',
  '+inf',
  '1e2',
  '0x10',
  '-0',
  'nan',
  'abc',
  '',
);
const scoreEnd = fc.oneof(score, fc.constantFrom('(1', '(2', '(-inf', '(', '(abc', '-inf', '+inf'));
const explicitId = fc.constantFrom(
  ...['1-1', '1-2', '2', '2-*', '3-0', '5-18446744073709551614', '01-1', '0-0', '0-*', '0-1'],
);
const oddId = fc.constantFrom('', '-', '+', 'abc', '1-', '-1', '1-1-1', '18446744073709551616', '1-*');
const givenId = fc.integer({ min: 0, max: 5 }).map((index) => `@${index}`);
const rangeEnd = fc.oneof(
  fc.constantFrom('-', '+', '(0-0', '(1-1', '(2', '(18446744073709551615-18446744073709551615', '(-', '1', '2', '3-0'),
  givenId,
  givenId.map((id) => `(${id}`),
  oddId,
);

const some = (word: fc.Arbitrary<string>, maxLength = 3) => fc.array(word, { minLength: 1, maxLength });
const optional = (...words: fc.Arbitrary<string>[]) =>
  fc.oneof({ weight: 2, arbitrary: fc.constant<string[]>([]) }, { weight: 1, arbitrary: fc.tuple(...words) });
const is = (...words: string[]) => fc.constantFrom(...words);

function command(name: string, ...parts: fc.Arbitrary<string | string[]>[]): fc.Arbitrary<Words> {
  return fc.tuple(...parts).map((words): Words => [name, ...words.flat()]);
}

const pairs = (first: fc.Arbitrary<string>, second: fc.Arbitrary<string>) =>
  fc.array(fc.tuple(first, second), { minLength: 1, maxLength: 3 }).map((list) => list.flat());

const relativeExpiry = is('100', '5000', '0', '-1', '100000', 'abc', '', '9223372036854775807');
// GT and LT between two relative expiries would depend on the millisecond in which each arrived.
const presence = optional(is('NX', 'XX', 'nx', 'maybe'));

const generic = [
  ...['DEL', 'UNLINK', 'EXISTS'].map((name) => command(name, some(key))),
  ...['TYPE', 'TTL', 'PTTL', 'PEXPIRETIME', 'PERSIST'].map((name) => command(name, key)),
  command('KEYS', is('*', '?', 'a*', '[ab]', '[^a]', '[a-b]', '\\a', '{room}:*', 'к*', '[')),
  command('SCAN', is('0', 'abc'), optional(is('MATCH', 'TYPE', 'COUNT', 'ODD'), is('a*', 'hash', '10', '0'))),
  command('DBSIZE'),
  command('PING', optional(text)),
  command('ECHO', text),
  command('PUBLISH', key, text),
  command('EXPIRE', key, relativeExpiry, presence),
  command('PEXPIRE', key, is('100000', '0', '-5', 'abc'), presence),
  command('EXPIREAT', key, is(FAR_FUTURE_SECONDS, '4102444801', '1', 'abc'), optional(is('NX', 'XX', 'GT', 'LT'))),
  command(
    'PEXPIREAT',
    key,
    is(FAR_FUTURE_MS, '4102444800500', '1'),
    optional(is('NX', 'GT', 'LT'), is('XX', 'GT', 'LT')),
  ),
  // Too few words, too many, and a command that does not exist.
  fc.constantFrom<Words>(
    ['GET'],
    ['GET', 'a', 'b'],
    ['HSET', 'a', 'f'],
    ['HSET', 'a', 'f', 'x', 'g'],
    ['NOPE', 'a'],
    ['XADD', 'a', '*', 'f'],
    ['LPOP', 'a', '1', '1'],
    ['PING', 'a', 'b'],
  ),
];

const strings = [
  command('GET', key),
  command('SET', key, text),
  command(
    'SET',
    key,
    text,
    optional(is('NX', 'XX', 'KEEPTTL', 'GET', 'ODD')),
    optional(is('NX', 'GET', 'KEEPTTL', 'EX')),
  ),
  command(
    'SET',
    key,
    text,
    is('EX', 'PX'),
    is('100', '100000', '0', '-1', 'abc', '9223372036854775807'),
    optional(is('NX', 'XX', 'KEEPTTL', 'GET')),
  ),
  // Never a moment in the past: until Redis has swept, DBSIZE counts a key that no other command sees.
  command('SET', key, text, is('EXAT', 'PXAT'), is(FAR_FUTURE_MS, '9223372036854775807')),
  command('INCR', key),
  command('INCRBY', key, integer),
];

const hashes = [
  command('HSET', key, pairs(field, text)),
  command('HSETNX', key, field, text),
  command('HGET', key, field),
  command('HMGET', key, some(field)),
  ...['HGETALL', 'HLEN', 'HKEYS'].map((name) => command(name, key)),
  command('HDEL', key, some(field)),
  command('HEXISTS', key, field),
  command('HINCRBY', key, field, integer),
];

const lists = [
  ...['LPUSH', 'RPUSH'].map((name) => command(name, key, some(text))),
  ...['LPOP', 'RPOP'].map((name) => command(name, key, optional(integer))),
  command('LLEN', key),
  command('LINDEX', key, position),
  command('LRANGE', key, position, position),
  command('LTRIM', key, position, position),
];

const sortedSets = [
  command('ZADD', key, pairs(score, field)),
  command('ZADD', key, some(is('NX', 'XX', 'GT', 'LT', 'CH', 'ch'), 2), pairs(score, field)),
  command('ZREM', key, some(field)),
  command('ZCARD', key),
  command('ZSCORE', key, field),
  command('ZCOUNT', key, scoreEnd, scoreEnd),
  command(
    'ZRANGE',
    key,
    position,
    position,
    optional(is('REV', 'WITHSCORES', 'ODD')),
    optional(is('REV', 'WITHSCORES')),
  ),
  command(
    'ZRANGE',
    key,
    scoreEnd,
    scoreEnd,
    is('BYSCORE'),
    optional(is('REV', 'WITHSCORES')),
    optional(is('LIMIT'), position, position),
  ),
  command('ZRANGE', key, position, position, optional(is('LIMIT'), position, position)),
  command(
    'ZRANGEBYSCORE',
    key,
    scoreEnd,
    scoreEnd,
    optional(is('WITHSCORES', 'REV')),
    optional(is('LIMIT'), position, position),
  ),
  command('ZREMRANGEBYSCORE', key, scoreEnd, scoreEnd),
];

const trimming = optional(is('MAXLEN', 'maxlen'), is('=', '~', '2'), is('0', '1', '2', '3', '-1', 'abc'));
const streams = [
  command('XADD', key, is('*'), pairs(field, text)),
  command('XADD', key, fc.oneof(explicitId, oddId), pairs(field, text)),
  command('XADD', key, optional(is('NOMKSTREAM')), trimming, fc.oneof(is('*'), explicitId), pairs(field, text)),
  command('XADD', key, is('MAXLEN'), is('0', '1', '2', '3', 'abc', '-1'), is('*'), pairs(field, text)),
  command(
    'XADD',
    key,
    is('MINID'),
    optional(is('=', '~')),
    fc.oneof(givenId, explicitId),
    optional(is('LIMIT'), is('10', '-1')),
    is('*'),
    pairs(field, text),
  ),
  command('XRANGE', key, rangeEnd, rangeEnd, optional(is('COUNT', 'ODD'), integer)),
  command('XREVRANGE', key, rangeEnd, rangeEnd, optional(is('COUNT'), integer)),
  command('XRANGE', key, is('-'), is('+')),
  command('XLEN', key),
  command('XDEL', key, some(fc.oneof(givenId, explicitId, oddId))),
];

/** Scripts take two keys and two arguments, and each shows a rule of its own. */
export const SCRIPTS = [
  'return {KEYS, ARGV}',
  'return redis.call("SET", KEYS[1], ARGV[1])',
  'return redis.call("GET", KEYS[1])',
  'local v = redis.call("GET", KEYS[1]) return {v == false, type(v)}',
  'return {1, 2.9, -2.9, "x", true, false, {3, {4}}, nil, 5}',
  'return {redis.call("HGETALL", KEYS[1]), redis.call("TYPE", KEYS[2])}',
  'return 3.99',
  'return -0.5',
  'return 1e300',
  'return 2147483647 + 1.0',
  'return {ok = "FINE\\r\\nline", other = 1}',
  'return {err = "MYERR happened"}',
  'return {err = 5}',
  'return {1, {err = "INNER one"}, {ok = "two"}}',
  'return {}',
  'return {a = 1}',
  'return print == nil',
  'return tostring(ARGV[1]) .. 1 .. tostring(3.0) .. tostring(true)',
  'return redis.status_reply("YES")',
  'return redis.error_reply("CODE text")',
  'return redis.error_reply("-CODE text")',
  'return redis.error_reply("single")',
  'return redis.error_reply(1)',
  'return redis.sha1hex(ARGV[1])',
  'return redis.sha1hex()',
  'return redis.call("INCR", KEYS[1])',
  'return redis.pcall("INCR", KEYS[1])',
  'local reply = redis.pcall("INCR", KEYS[1]) return type(reply) == "table" and reply.err or reply',
  'local ok, raised = pcall(redis.call, "LPUSH", KEYS[1], ARGV[1]) return {ok, raised}',
  'return {pcall(error, {err = "X y"})}',
  'return {pcall(error, "text")}',
  'return {pcall(function(a, b) return a, nil, b end, 1, 2)}',
  'local ok, raised = pcall(error, {code = 7}) return {type(raised), raised.code}',
  'return select("#", pcall(function() return 1, nil, nil end))',
  'redis.call("SET", KEYS[1], "written") redis.call("LPUSH", KEYS[1], "x") return "never"',
  'redis.call("RPUSH", KEYS[2], ARGV[1], ARGV[2]) error("stopped")',
  'error({err = "RAISED it"})',
  'error("plain", 0)',
  'return undefined_name',
  'new_global = 1',
  'string.x = 1',
  'KEYS = nil',
  'local t = nil return t.x',
  'return (((',
  'return redis.call("NOPE")',
  'return redis.call("GET")',
  'return redis.call()',
  'return redis.call("GET", {})',
  'return redis.call("GET", true)',
  'return redis.pcall("GET", nil)',
  'return redis.call("EVAL", "return 1", "0")',
  'return redis.call("SCRIPT", "FLUSH")',
  'return redis.call("ECHO", 1/3)',
  'return redis.call("ECHO", 10/2)',
  'return redis.call("ECHO", 2^53)',
  'return redis.call("ECHO", 1e17)',
  'return redis.call("ECHO", 123456789012.5)',
  'return redis.call("ECHO", 0.00001)',
  'return redis.call("ECHO", -1.5e-7)',
  'return redis.call("ECHO", 1/0)',
  'return redis.call("ECHO", "\\0\\1\\200\\255")',
  'return #redis.call("ECHO", string.char(0, 128, 255, 10))',
  'redis.call("SET", KEYS[1], string.char(0, 200, 255)) return string.byte(redis.call("GET", KEYS[1]), 1, -1)',
  'redis.call("HSET", KEYS[1], string.char(255, 0), "v") return #redis.call("HKEYS", KEYS[1])[1]',
  'redis.call("ZADD", KEYS[2], 1, string.char(255), 1, "a", 1, string.char(128)) return redis.call("ZCARD", KEYS[2])',
  'return #ARGV[1]',
  'return {unpack(ARGV)}',
  'return {string.format("%.0f", 1700000000123), string.format("%s|%5d|%x", "a", 42, 255), ("x"):rep(3)}',
  'return {math.floor(3.7), math.max(1, 2), math.pow(2, 10), tonumber("0x10"), tonumber("abc"), 7 % 3}',
  'local t = {} for word in string.gmatch("a,b,c", "[^,]+") do t[#t + 1] = word end table.sort(t, function(x, y) return x > y end) return t',
  'return table.concat({1, 2, "x"}, "-")',
  'return redis.call("XADD", KEYS[1], "7-*", "f", ARGV[1])',
  'return redis.call("XRANGE", KEYS[1], "-", "+", "COUNT", 2)',
  'redis.call("SET", KEYS[1], "x", "PX", 100000) return redis.call("PTTL", KEYS[1]) > 90000',
  'redis.call("SET", KEYS[1], "x") redis.call("PEXPIREAT", KEYS[1], 1) return redis.call("EXISTS", KEYS[1])',
  'return redis.call("SET", KEYS[1], "x", "NX")',
  'return redis.call("PUBLISH", KEYS[1], ARGV[1])',
  'return redis.call("PING").ok',
];

const scripts = [
  fc.tuple(fc.constantFrom(...SCRIPTS), key, key, text, text).map((words): Words => {
    const [source, ...rest] = words;
    return ['EVAL', source, '2', ...rest];
  }),
  command('EVAL', is('return {KEYS, ARGV}'), is('0', '1', '2', '-1', '5', 'abc'), key, text),
  command('EVALSHA', is('0000000000000000000000000000000000000000', 'abc'), is('0')),
  command('SCRIPT', is('EXISTS'), some(is('abc', 'e0e1f9fabfc9d4800c877a703b823ac0578ff8db'))),
  command('SCRIPT', is('LOAD', 'NOPE', 'FLUSH'), optional(is('return 1', 'return (', 'ODD'))),
];

/** Up to forty commands of all kinds. */
export const commandSequence: fc.Arbitrary<Words[]> = fc.array(
  fc.oneof(...[generic, strings, hashes, lists, sortedSets, streams, scripts].map((group) => fc.oneof(...group))),
  { minLength: 1, maxLength: 40 },
);
