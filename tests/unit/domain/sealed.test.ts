import { describe, expect, it } from 'vitest';
import { epochOf, keyCheckSchema, sealedSchema } from '@/domain/sealed';

const IV = 'A'.repeat(16);

describe('a sealed string', () => {
  it.each([`v2.0.${IV}.A`, `v2.0.${IV}.-_09azAZ`, `v2.0.${IV}.${'B'.repeat(45_056 - 22)}`])('may be %.40s', (text) => {
    expect(sealedSchema.safeParse(text).success).toBe(true);
  });

  it.each([
    '',
    'hello',
    `v2.0.${IV}.`,
    `v2.0.${IV}`,
    `v2.${IV}.BBBB`,
    `v1.${IV}.BBBB`,
    `v2.-1.${IV}.BBBB`,
    `v2.01.${IV}.BBBB`,
    `v2.1000.${IV}.BBBB`,
    `v2..${IV}.BBBB`,
    `V2.0.${IV}.BBBB`,
    `v1.${IV.slice(1)}.BBBB`,
    `v2.0.${IV}A.BBBB`,
    `v2.0.${IV}.BB=`,
    `v2.0.${IV}.BB+/`,
    `v2.0.${IV}.BB.BB`,
    `v2.0.${IV}.BBBB\n`,
    ` v2.0.${IV}.BBBB`,
    `v2.0.${IV}.${'B'.repeat(45_057 - 22)}`,
  ])('may not be %.40j', (text) => {
    expect(sealedSchema.safeParse(text).success).toBe(false);
  });

  it('names its epoch, which need not be one that rooms reach', () => {
    for (const epoch of [0, 1, 10, 100, 999]) expect(epochOf(sealedSchema.parse(`v2.${epoch}.${IV}.BBBB`))).toBe(epoch);
  });

  it('has a check of its key of 8 bytes', () => {
    expect(keyCheckSchema.safeParse(Buffer.alloc(8, 0xff).toString('base64url')).success).toBe(true);
    for (const bytes of [7, 9])
      expect(keyCheckSchema.safeParse(Buffer.alloc(bytes).toString('base64url')).success).toBe(false);
  });
});
