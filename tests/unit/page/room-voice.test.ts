import { describe, expect, it } from 'vitest';
import { makeSecret } from '@/crypto/fragment';
import { deriveRoomKeys } from '@/crypto/sealing';
import { voiceFor } from '@/page/room-voice';
import { FakeRoom } from '@tests/unit/session/fake-room';

describe('the voice for a room', () => {
  it('seals under the key in the link, if that is the room’s', async () => {
    const [secret, other] = [makeSecret(), makeSecret()];
    const room = new FakeRoom();
    room.keyCheck = (await deriveRoomKeys(secret)).keyCheck;
    expect(await voiceFor(room.view(), `#${secret}`)).not.toMatchObject({ safetyPhrase: null });
    expect(await voiceFor(room.view(), `#${other}`)).toBe('key-wrong');
    expect(await voiceFor(room.view(), '#short')).toBe('key-wrong');
    expect(await voiceFor(room.view(), '')).toBe('key-missing');
  });

  it('is plain in a plain room, unless the link promises a sealed one', async () => {
    const room = new FakeRoom();
    expect(await voiceFor(room.view(), '')).toMatchObject({ safetyPhrase: null });
    expect(await voiceFor(room.view(), `#${makeSecret()}`)).toBe('key-wrong');
  });
});
