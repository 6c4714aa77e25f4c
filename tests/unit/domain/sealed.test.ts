import { describe, expect, it } from 'vitest';
import { keyCheckSchema, sealedSchema } from '@/domain/sealed';

const IV = 'A'.repeat(16);

describe('a sealed string', () => {
  it.each([`v1.${IV}.A`, `v1.${IV}.-_09azAZ`, `v1.${IV}.${'B'.repeat(5_503 - 20)}`])('may be %.40s', (text) => {
    expect(sealedSchema.safeParse(text).success).toBe(true);
  });

  it.each([
    '',
    'hello',
    `v1.${IV}.`,
    `v1.${IV}`,
    `v2.${IV}.BBBB`,
    `V1.${IV}.BBBB`,
    `v1.${IV.slice(1)}.BBBB`,
    `v1.${IV}A.BBBB`,
    `v1.${IV}.BB=`,
    `v1.${IV}.BB+/`,
    `v1.${IV}.BB.BB`,
    `v1.${IV}.BBBB\n`,
    ` v1.${IV}.BBBB`,
    `v1.${IV}.${'B'.repeat(5_504 - 20)}`,
  ])('may not be %.40j', (text) => {
    expect(sealedSchema.safeParse(text).success).toBe(false);
  });

  it('has a check of its key of 8 bytes', () => {
    expect(keyCheckSchema.safeParse(Buffer.alloc(8, 0xff).toString('base64url')).success).toBe(true);
    for (const bytes of [7, 9])
      expect(keyCheckSchema.safeParse(Buffer.alloc(bytes).toString('base64url')).success).toBe(false);
  });
});
