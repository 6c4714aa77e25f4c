import { describe, expect, it } from 'vitest';
import { purgeOutboxes } from '@/session/messages/outbox/outbox-storage';
import { keepOutbox, recallOutbox } from '@tests/support/kept-outbox';
import { recallName, rememberName } from '@/session/people/own-name';
import { messageIdSchema } from '@/domain/message';
import { memberIdSchema, roomIdSchema } from '@/domain/room';
import { sealedSchema } from '@/domain/sealed';
import { FakeStorage } from '@tests/unit/client/fake-browser';

const roomId = roomIdSchema.parse('Aa0Bb1Cc2Dd3Ee4Ff5Gg6H');
const otherRoomId = roomIdSchema.parse('Zz9Yy8Xx7Ww6Vv5Uu4Tt3S');
const memberId = memberIdSchema.parse('Member0123456789');
const sealed = sealedSchema.parse(`v2.0.AAECAwQFBgcICQoL.${'A'.repeat(107)}`);
const message = { id: messageIdSchema.parse('message-1'), text: sealed, timestamp: 1 };
const outbox = (endsAt: number) => ({ endsAt, memberId, messages: [message] });

describe('the outbox in storage', () => {
  it('comes back as it was kept', () => {
    const storage = new FakeStorage();
    keepOutbox(storage, roomId, outbox(1_000));
    expect(recallOutbox(storage, roomId)).toEqual(outbox(1_000));
    expect(recallOutbox(storage, otherRoomId)).toBeNull();
  });

  it('leaves nothing behind when it is empty', () => {
    const storage = new FakeStorage();
    keepOutbox(storage, roomId, outbox(1_000));
    keepOutbox(storage, roomId, { ...outbox(1_000), messages: [] });
    expect(storage.length).toBe(0);
  });

  it('is purged once its room has ended, and not before; the name stays', () => {
    const storage = new FakeStorage();
    rememberName(storage, 'Quiet Otter');
    keepOutbox(storage, roomId, outbox(1_000));
    keepOutbox(storage, otherRoomId, outbox(2_000));
    purgeOutboxes(storage, 1_000);
    expect([recallOutbox(storage, roomId), recallOutbox(storage, otherRoomId)]).toEqual([null, outbox(2_000)]);
    expect(recallName(storage)).toBe('Quiet Otter');
  });

  it.each(['', '{', '{}', 'null', JSON.stringify({ ...outbox(9e15), messages: [{ ...message, text: 'Hello' }] })])(
    'is purged when it is %j, which we did not write',
    (kept) => {
      const storage = new FakeStorage();
      storage.setItem(`mayfly:outbox:${roomId}`, kept);
      expect(recallOutbox(storage, roomId)).toBeNull();
      purgeOutboxes(storage, 0);
      expect(storage.length).toBe(0);
    },
  );

  it('is no reason to stop when the storage is full', () => {
    const storage = new FakeStorage();
    storage.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    expect(() => keepOutbox(storage, roomId, outbox(1_000))).not.toThrow();
  });
});
