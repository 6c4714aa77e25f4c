import { describe, expect, it } from 'vitest';
import { RoomError } from '@/domain/errors';
import { refusalText } from '@/server/storage/unavailable';

const SHA = '0a9a51ee96320953ec7bde8e63f3f060b9dac00c';

describe('the text with which Redis refuses', () => {
  it.each([
    "OOM command not allowed when used memory > 'maxmemory'.",
    // Redis 7 says of a script what it says of a command; before, it wrapped that.
    `OOM command not allowed when used memory > 'maxmemory'. script: ${SHA}, on @user_script:41.`,
    `ERR Error running script (call to f_${SHA}): @user_script:41: @user_script: 41: -OOM command not allowed when used memory > 'maxmemory'. `,
    `ERR Error running script (call to f_${SHA}): @user_script:41: @user_script: 41: -MISCONF Redis is configured to save RDB snapshots`,
    'LOADING Redis is loading the dataset in memory',
  ])('is a storage that is away for a while: %s', (text) => {
    expect(() => refusalText(text)).toThrow(RoomError);
    expect(() => refusalText(text)).toThrow('storage_unavailable');
  });

  it.each([
    'WRONGTYPE Operation against a key holding the wrong kind of value',
    'NOSCRIPT No matching script. Please use EVAL.',
    `ERR Error running script (call to f_${SHA}): @user_script:1: @user_script: 1: -WRONGTYPE Operation against a key`,
    `ERR Error running script (call to f_${SHA}): @user_script:1: user_script:1: attempt to index a nil value`,
  ])('is given on as it is where it speaks of the command: %s', (text) => {
    expect(refusalText(text)).toBe(text);
  });
});
