import 'server-only';
import type { Bytes } from '../bytes';
import { type CommandTable, type ScriptCache, wrongArity } from '../command';
import { integerArgument } from '../numbers';
import { CommandError, OK, type Reply } from '../reply';

function splitKeys(countWord: Bytes, words: readonly Bytes[]): { keys: readonly Bytes[]; argv: readonly Bytes[] } {
  const count = integerArgument(countWord);
  if (count > words.length) throw new CommandError("ERR Number of keys can't be greater than number of args");
  if (count < 0) throw new CommandError("ERR Number of keys can't be negative");
  return { keys: words.slice(0, count), argv: words.slice(count) };
}

const scriptSubcommands: Record<string, (scripts: ScriptCache, words: readonly Bytes[]) => Reply> = {
  LOAD(scripts, [source, ...rest]) {
    if (source === undefined || rest.length > 0) throw wrongArity('script|load');
    return scripts.load(source);
  },
  EXISTS(scripts, shas) {
    if (shas.length === 0) throw wrongArity('script|exists');
    return shas.map((sha) => (scripts.has(sha.toLowerCase()) ? 1 : 0));
  },
  FLUSH(scripts, words) {
    if (words.length > 1 || (words[0] !== undefined && !/^a?sync$/i.test(words[0]))) {
      throw new CommandError('ERR SCRIPT FLUSH only support SYNC|ASYNC option');
    }
    scripts.clear();
    return OK;
  },
};

export const scriptCommands = {
  EVAL: {
    arity: -3,
    refusedInScripts: true,
    run({ scripts }, [source = '', countWord = '', ...words]) {
      const { keys, argv } = splitKeys(countWord, words);
      return scripts.run(scripts.load(source), keys, argv);
    },
  },
  EVALSHA: {
    arity: -3,
    refusedInScripts: true,
    run({ scripts }, [sha = '', countWord = '', ...words]) {
      const { keys, argv } = splitKeys(countWord, words);
      return scripts.run(sha.toLowerCase(), keys, argv);
    },
  },
  SCRIPT: {
    arity: -2,
    refusedInScripts: true,
    run({ scripts }, [name = '', ...words]) {
      const run = scriptSubcommands[name.toUpperCase()];
      if (!run) throw new CommandError(`ERR unknown subcommand '${name}'. Try SCRIPT HELP.`);
      return run(scripts, words);
    },
  },
} satisfies CommandTable;
