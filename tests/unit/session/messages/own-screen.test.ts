import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RunningSession } from '@/session/running-session';
import { eventually } from '@tests/support/eventually';
import { messagesOf, SealedRoom } from '@tests/support/sealed-room';

let sealed: SealedRoom;
let session: RunningSession;

const shown = () => messagesOf(session).map(({ text }) => text);
const until = (texts: readonly string[]) => eventually(() => expect(shown()).toEqual(texts));

beforeEach(async () => {
  sealed = await SealedRoom.open();
  await sealed.say(sealed.other, 'before');
  session = sealed.openSession();
  await until(['before']);
});

afterEach(() => sealed.close());

it('what was said is hidden until it is asked for, and what comes is not', async () => {
  session.clearScreen();
  expect(session.transcript.get()).toMatchObject({ entries: [], cleared: true, older: 'none' });
  await sealed.say(sealed.other, 'after');
  await until(['after']);
  session.showAgain();
  expect(shown()).toEqual(['before', 'after']);
  expect(session.transcript.get().cleared).toBeUndefined();
});

it('what was not sent stays in sight', async () => {
  sealed.room.refusals.set('sendMessage', { reason: 'message_limit_reached' });
  session.setDraft('refused');
  session.send();
  await eventually(() => expect(messagesOf(session).at(-1)?.state).toBe('failed'));
  session.clearScreen();
  expect(shown()).toEqual(['refused']);
});

it('what was missed is counted all the same, and whoever goes to a hidden message sees it', async () => {
  session.unread.setAtEnd(false);
  await sealed.say(sealed.other, 'missed');
  await until(['before', 'missed']);
  const key = messagesOf(session)[0]?.key ?? '';
  session.clearScreen();
  expect(session.unread.get().count).toBe(1);
  session.goTo(key);
  expect(shown()).toEqual(['before', 'missed']);
  expect(session.destination.get()).toEqual({ key, state: 'there' });
});
