import 'server-only';
import { type CommandTable, wrongArity } from '../command';
import { OK, Status, syntaxError } from '../reply';

/** Connection, server and publishing. */
export const serverCommands = {
  PING: {
    arity: -1,
    run(_context, words) {
      if (words.length > 1) throw wrongArity('ping');
      return words[0] ?? new Status('PONG');
    },
  },
  ECHO: { arity: 2, run: (_context, [text = '']) => text },
  /** Seconds, and the microseconds of the second; the clock counts whole milliseconds. */
  TIME: {
    arity: 1,
    run: ({ keyspace: { now } }) => [String(Math.floor(now / 1000)), String((now % 1000) * 1000)],
  },
  DBSIZE: { arity: 1, run: ({ keyspace }) => keyspace.size },
  FLUSHALL: {
    arity: -1,
    run({ keyspace }, words) {
      if (words.length > 1 || (words[0] !== undefined && !/^a?sync$/i.test(words[0]))) throw syntaxError();
      keyspace.clear();
      return OK;
    },
  },
  PUBLISH: { arity: 3, run: ({ publish }, [channel = '', payload = '']) => publish(channel, payload) },
} satisfies CommandTable;
