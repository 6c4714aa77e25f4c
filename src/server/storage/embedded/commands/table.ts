import 'server-only';
import type { Command } from '../command';
import { expiryCommands } from './expiry';
import { hashCommands } from './hashes';
import { keyCommands } from './keys';
import { listCommands } from './lists';
import { scriptCommands } from './scripts';
import { serverCommands } from './server';
import { sortedSetCommands } from './sorted-sets';
import { streamCommands } from './streams';
import { stringCommands } from './strings';

/** Every command of the engine by its upper-case name. */
const commands = new Map<string, Command>(
  Object.entries({
    ...serverCommands,
    ...keyCommands,
    ...expiryCommands,
    ...stringCommands,
    ...hashCommands,
    ...listCommands,
    ...sortedSetCommands,
    ...streamCommands,
    ...scriptCommands,
  }),
);

export const findCommand = (name: string): Command | undefined => commands.get(name.toUpperCase());
