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
  ['ｅｘａｍｐｌｅ．ｃｏｍ', 'address'],
  ['example。com', 'address'],
  ['example․com', 'address'],
  ['http：／／x', 'address'],
  ['ＷＷＷ．x', 'address'],
  ['come to 192.0.2.1:8080', 'address'],
  ['come to 192.0.2.1', 'address'],
  ['Version 1.2.3', null],
  ['下雨了。我们聊聊', null],
  ['Well…then, 2½ cups', null],
  ['３．１４', null],
  ['ask @somebody', 'address'],
  ['\ud800', 'not-well-formed'],
] as const)('the page finds in the topic %j the fault %j, and the server refuses the same ones', (topic, fault) => {
  expect(topicFault(topic)).toBe(fault);
  expect(openRoomSchema.safeParse({ listed: true, topic }).success).toBe(fault === null);
});
