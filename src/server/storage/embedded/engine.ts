import 'server-only';
import type { Bytes } from './bytes';
import { type Command, type CommandContext, answer, fitsArity, wrongArity } from './command';
import { findCommand } from './commands/table';
import { Keyspace } from './keyspace';
import { LuaInterpreter } from './lua/interpreter';
import type { PubSub } from './pub-sub';
import { CommandError, Failure, type Reply } from './reply';

/** Milliseconds since the epoch. Tests bring a clock of their own. */
export interface Clock {
  now(): number;
}

/**
 * Redis in this process. Everything runs to its end before anything else does, so that a command, a script and a
 * transaction are each atomic, and time stands still inside each.
 */
export class Engine {
  readonly keyspace = new Keyspace();
  readonly #clock: Clock;
  readonly #context: CommandContext;

  constructor(clock: Clock, pubSub: PubSub) {
    this.#clock = clock;
    this.#context = {
      keyspace: this.keyspace,
      scripts: new LuaInterpreter((words) => this.#callFromScript(words)),
      publish: (channel, payload) => pubSub.publish(channel, payload),
    };
  }

  /** @param words the command's name and its arguments */
  execute(words: readonly Bytes[]): Reply {
    this.#readClock();
    return answer(() => this.#run(words));
  }

  /** Runs all of the commands or, when one of them could not even be queued, none. */
  transact(commands: readonly (readonly Bytes[])[]): readonly Reply[] | Failure {
    this.#readClock();
    const queued = answer(() => {
      for (const words of commands) commandFor(words);
      return null;
    });
    if (queued instanceof Failure) {
      return new Failure(`EXECABORT Transaction discarded because of previous errors. ${queued.text}`);
    }
    return commands.map((words) => answer(() => this.#run(words)));
  }

  /** How much memory all keys and values take, in bytes. */
  get footprint(): number {
    return this.keyspace.footprint;
  }

  /** Removes expired keys, at most `max` of them, and returns how many. */
  sweep(max: number): number {
    this.#readClock();
    return this.keyspace.sweep(max);
  }

  #readClock(): void {
    this.keyspace.now = Math.floor(this.#clock.now());
  }

  #run(words: readonly Bytes[]): Reply {
    return commandFor(words).run(this.#context, words.slice(1));
  }

  #callFromScript(words: readonly Bytes[]): Reply {
    const [name = ''] = words;
    const command = findCommand(name);
    if (!command) return new Failure('ERR Unknown Redis command called from script');
    if (!fitsArity(command, words.length)) {
      return new Failure('ERR Wrong number of args calling Redis command from script');
    }
    if (command.refusedInScripts) return new Failure('ERR This Redis command is not allowed from script');
    return answer(() => command.run(this.#context, words.slice(1)));
  }
}

/** @throws CommandError when there is no such command or it takes another number of words */
function commandFor(words: readonly Bytes[]): Command {
  const [name = '', ...rest] = words;
  const command = findCommand(name);
  if (!command) {
    const beginning = rest
      .map((word) => `'${word}' `)
      .join('')
      .slice(0, 128);
    throw new CommandError(`ERR unknown command '${name.slice(0, 128)}', with args beginning with: ${beginning}`);
  }
  if (!fitsArity(command, words.length)) throw wrongArity(name.toLowerCase());
  return command;
}
