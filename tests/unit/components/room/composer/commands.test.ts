import { expect, it } from 'vitest';
import { commandIn, type Command } from '@/components/room/composer/commands';

it.each<[string, Command | null]>([
  ['/clear', 'clear'],
  ['/CLEAR ', 'clear'],
  ['/help', 'help'],
  ['/help me', 'unknown'],
  ['/foo', 'unknown'],
  ['/etc/hosts', 'unknown'],
  ['/shrug\nand more', 'unknown'],
  ['//foo', null],
  [' /foo', null],
  ['/', null],
  ['/ foo', null],
  ['either/or', null],
  ['', null],
])('%j asks for %s', (draft, command) => {
  expect(commandIn(draft)).toBe(command);
});
