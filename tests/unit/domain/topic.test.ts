import { expect, it } from 'vitest';
import { openRoomSchema } from '@/domain/requests';
import { topicFault } from '@/domain/topic';

it.each([
  ['Balcony tomatoes', null],
  ['x'.repeat(60), null],
  ['👩‍👩‍👧'.repeat(12), null],
  ['', 'blank'],
  ['\u200b', 'blank'],
  ['x'.repeat(61), 'too-long'],
  ['two\nlines', 'forbidden'],
  ['turned \u202e around', 'forbidden'],
  ['come to example.com', 'address'],
  ['https://x', 'address'],
  ['ask @somebody', 'address'],
  ['\ud800', 'not-well-formed'],
] as const)('the page finds in the topic %j the fault %j, and the server refuses the same ones', (topic, fault) => {
  expect(topicFault(topic)).toBe(fault);
  expect(openRoomSchema.safeParse({ listed: true, topic }).success).toBe(fault === null);
});
