import 'server-only';
import type { Bytes } from './bytes';
import type { Keyspace } from './keyspace';
import { CommandError, Failure, type Reply } from './reply';

/** The scripts that EVALSHA can name, by the SHA-1 of their source in lower-case hexadecimal. */
export interface ScriptCache {
  /** @throws CommandError when the source does not compile */
  load(source: Bytes): Bytes;
  has(sha: Bytes): boolean;
  clear(): void;
  /** @throws CommandError NOSCRIPT when the script is not known */
  run(sha: Bytes, keys: readonly Bytes[], argv: readonly Bytes[]): Reply;
}

export interface CommandContext {
  readonly keyspace: Keyspace;
  readonly scripts: ScriptCache;
  /** Returns how many subscribers will get the message. */
  readonly publish: (channel: Bytes, payload: Bytes) => number;
}

export interface Command {
  /** As in `COMMAND INFO`, the name counted: exactly so many words, or at least so many when negative. */
  readonly arity: number;
  readonly refusedInScripts?: true;
  /** `words` without the name; as many as `arity` asks for. */
  run(context: CommandContext, words: readonly Bytes[]): Reply;
}

export type CommandTable = Readonly<Record<string, Command>>;

export const wrongArity = (name: string) => new CommandError(`ERR wrong number of arguments for '${name}' command`);

export function fitsArity(command: Command, wordsWithName: number): boolean {
  return command.arity < 0 ? wordsWithName >= -command.arity : wordsWithName === command.arity;
}

/** Runs a command, whose expected errors become replies; anything else that is thrown is a bug and passes. */
export function answer(run: () => Reply): Reply {
  try {
    return run();
  } catch (error) {
    if (error instanceof CommandError) return new Failure(error.message);
    throw error;
  }
}
