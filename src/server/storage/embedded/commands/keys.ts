import 'server-only';
import type { Bytes } from '../bytes';
import type { CommandContext, CommandTable } from '../command';
import { globToRegExp } from '../glob';
import { integerArgument, parseInteger } from '../numbers';
import { CommandError, Status, syntaxError } from '../reply';

function removeAll({ keyspace }: CommandContext, keys: readonly Bytes[]): number {
  return keys.filter((key) => keyspace.delete(key)).length;
}

/** Keys, whatever they hold. */
export const keyCommands = {
  DEL: { arity: -2, run: removeAll },
  UNLINK: { arity: -2, run: removeAll },
  EXISTS: {
    arity: -2,
    run: ({ keyspace }, keys) => keys.filter((key) => keyspace.get(key) !== undefined).length,
  },
  TYPE: { arity: 2, run: ({ keyspace }, [key = '']) => new Status(keyspace.get(key)?.type ?? 'none') },
  KEYS: {
    arity: 2,
    run({ keyspace }, [pattern = '']) {
      const matches = globToRegExp(pattern);
      return keyspace.keys().filter((key) => matches.test(key));
    },
  },
  /** COUNT is a hint that this engine does not need: one call gives everything. */
  SCAN: {
    arity: -2,
    run({ keyspace }, [cursor = '', ...options]) {
      if (parseInteger(cursor) === null) throw new CommandError('ERR invalid cursor');
      let keys = keyspace.keys();
      for (let index = 0; index < options.length; index += 2) {
        const value = options[index + 1];
        if (value === undefined) throw syntaxError();
        switch (options[index]?.toUpperCase()) {
          case 'MATCH': {
            const matches = globToRegExp(value);
            keys = keys.filter((key) => matches.test(key));
            break;
          }
          case 'TYPE':
            keys = keys.filter((key) => keyspace.get(key)?.type === value.toLowerCase());
            break;
          case 'COUNT':
            if (integerArgument(value) < 1) throw syntaxError();
            break;
          default:
            throw syntaxError();
        }
      }
      return ['0', keys];
    },
  },
} satisfies CommandTable;
