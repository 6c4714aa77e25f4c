/** What a person asks of their own page. `unknown`: it looks like a command and is none. */
export type Command = 'clear' | 'help' | 'unknown';

/** A slash and a word behind it, as in `/clear` and `/etc/hosts`; two slashes, or one behind a space, are the beginning of a text. */
const COMMAND = /^\/(?!\/)\S/;

const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['/clear', 'clear'],
  ['/help', 'help'],
]);

export function commandIn(draft: string): Command | null {
  return COMMAND.test(draft) ? (COMMANDS.get(draft.trim().toLowerCase()) ?? 'unknown') : null;
}
