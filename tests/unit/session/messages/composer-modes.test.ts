import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Target } from '@/domain/content';
import type { RunningSession } from '@/session/running-session';
import { eventually } from '@tests/support/eventually';
import { messagesOf, SealedRoom, type Someone } from '@tests/support/sealed-room';

let sealed: SealedRoom;
let ann: Someone;
let ben: Someone;
let session: RunningSession;

const composer = () => session.composer.get();
const lines = () =>
  messagesOf(session).map(({ text, re, edited }) => `${re ? `(${re.text}) ` : ''}${text}${edited ? ' *' : ''}`);
const target = (text: string): Target => {
  const found = messagesOf(session).find((entry) => entry.text === text);
  if (found === undefined) throw new Error(`nobody said “${text}”`);
  return { id: found.id, by: found.memberId };
};
/** All of it is stored. */
const until = (expected: readonly string[]) =>
  eventually(() => {
    expect(lines()).toEqual(expected);
    expect(messagesOf(session).map(({ state }) => state)).not.toContain('sending');
  });

function write(text: string) {
  session.setDraft(text);
  session.send();
}

async function takeBack(text: string) {
  const { id, by } = target(text);
  sealed.room.takeBack(id, by);
  await eventually(() => expect(messagesOf(session).some((entry) => entry.id === id)).toBe(false));
}

beforeEach(async () => {
  sealed = await SealedRoom.open();
  ({ me: ann, other: ben } = sealed);
  session = sealed.openSession();
  await eventually(() => expect(session.connection.get().state).toBe('live'));
});

afterEach(() => {
  expect(sealed.faults).toEqual([]);
  sealed.close();
});

describe('an answer', () => {
  beforeEach(async () => {
    await sealed.say(ben, 'tea?');
    await until(['tea?']);
  });

  it('quotes its message, and what is written after it does not', async () => {
    session.setDraft('yes');
    expect(session.startReply(target('tea?'))).toBe(true);
    expect(composer()).toMatchObject({ draft: 'yes', mode: { kind: 'reply', quote: { name: 'Ben', text: 'tea?' } } });
    session.send();
    expect(composer()).toMatchObject({ draft: '', mode: { kind: 'write' } });
    write('please');
    await until(['tea?', '(tea?) yes', 'please']);
  });

  it('ends without a loss of words', () => {
    session.startReply(target('tea?'));
    session.setDraft('half');
    session.letGo();
    expect(composer()).toMatchObject({ draft: 'half', mode: { kind: 'write' }, fault: null });
  });

  it('shows the message as it is now, and goes by itself once that was taken back', async () => {
    const { id } = target('tea?');
    session.startReply(target('tea?'));
    session.setDraft('yes');
    await sealed.say(ben, { kind: 'edit', id, n: 1, text: 'coffee?' });
    await eventually(() => expect(composer().mode).toMatchObject({ quote: { text: 'coffee?' } }));
    await takeBack('coffee?');
    expect(composer()).toMatchObject({
      draft: 'yes',
      fault: null,
      mode: { quote: { state: 'taken-back', text: null } },
    });
    session.send();
    await until(['yes']);
  });

  it('is not begun to what is not there or cannot be read', async () => {
    const gone = target('tea?');
    await takeBack('tea?');
    expect(session.startReply(gone)).toBe(false);
    expect(composer().mode.kind).toBe('write');
  });
});

describe('an edit', () => {
  beforeEach(async () => {
    write('helo');
    await until(['helo']);
  });

  it('has the text of the message, and gives back what stood there before, answer and all', async () => {
    await sealed.say(ben, 'who?');
    await until(['helo', 'who?']);
    session.startReply(target('who?'));
    session.setDraft('later');
    expect(session.startEdit(target('helo').id)).toBe(true);
    expect(composer()).toMatchObject({ draft: 'helo', mode: { kind: 'edit', earlier: { text: 'later' } } });
    session.letGo();
    expect(composer()).toMatchObject({ draft: 'later', mode: { kind: 'reply', quote: { text: 'who?' } } });

    session.startEdit(target('helo').id);
    write('hello');
    expect(composer()).toMatchObject({ draft: 'later', mode: { kind: 'reply' } });
    await until(['hello *', 'who?']);
  });

  it('with no change is not sent', async () => {
    session.startEdit(target('helo').id);
    session.send();
    expect(composer()).toMatchObject({ draft: '', mode: { kind: 'write' } });
    await sealed.say(ben, 'later');
    await until(['helo', 'later']);
  });

  it('that leaves nothing is not sent, and says why', () => {
    session.startEdit(target('helo').id);
    write(' ');
    expect(composer()).toMatchObject({ draft: ' ', fault: 'emptied', mode: { kind: 'edit' } });
  });

  it('begins with the text that is still on its way', async () => {
    const { id } = target('helo');
    sealed.room.refusals.set('sendMessage', { reason: 'offline' });
    session.startEdit(id);
    write('hello');
    expect(lines()).toEqual(['hello *']);
    expect(messagesOf(session)[0]?.state).toBe('sending');
    session.startEdit(id);
    expect(composer().draft).toBe('hello');
    session.send();
    expect(session.outgoing.get().isUnsent).toBe(true);
    sealed.room.refusals.clear();
    sealed.page.emit('online');
    await until(['hello *']);
  });

  it('of a message that was taken back meanwhile is kept, and becomes a message once one stops editing', async () => {
    session.setDraft('a draft');
    session.startEdit(target('helo').id);
    session.setDraft('hello');
    await takeBack('helo');
    expect(composer()).toMatchObject({ draft: 'hello', fault: 'gone' });
    session.send();
    expect(composer().draft).toBe('hello');
    session.letGo();
    expect(composer()).toMatchObject({ draft: 'a draft\nhello', fault: null, mode: { kind: 'write' } });
  });

  it('is of one’s own messages alone', async () => {
    await sealed.say(ben, 'mine');
    await until(['helo', 'mine']);
    expect(session.startEdit(target('mine').id)).toBe(false);
    expect(composer().mode.kind).toBe('write');
  });

  it('makes room for an answer', async () => {
    await sealed.say(ben, 'who?');
    await until(['helo', 'who?']);
    session.setDraft('a draft');
    session.startEdit(target('helo').id);
    session.startReply(target('who?'));
    expect(composer()).toMatchObject({ draft: 'a draft', mode: { kind: 'reply' } });
  });
});

describe('in every mode', () => {
  it.each(['write', 'reply', 'edit'])('a text that is too long to %s is not sent', async (kind) => {
    write('first');
    await until(['first']);
    if (kind === 'reply') session.startReply(target('first'));
    if (kind === 'edit') session.startEdit(target('first').id);
    write('🦦'.repeat(1_001));
    expect(composer()).toMatchObject({ fault: 'too-long', remaining: -1, mode: { kind } });
    session.setDraft('\ud83e');
    expect(composer().fault).toBe('not-well-formed');
  });

  it('a page that sends nothing begins neither an answer nor an edit', async () => {
    write('first');
    await until(['first']);
    sealed.page.emit('outdated');
    expect(session.startReply(target('first'))).toBe(false);
    expect(session.startEdit(target('first').id)).toBe(false);
    expect(composer().mode.kind).toBe('write');
  });

  it('the end of the room ends it, and nothing that was written is lost', async () => {
    write('first');
    await until(['first']);
    session.setDraft('put aside');
    session.startEdit(target('first').id);
    session.setDraft('another first');
    sealed.room.leave(ann.memberId, 'removed');
    await eventually(() => expect(sealed.ends).toMatchObject([{ draft: 'put aside\nanother first' }]));
    expect(composer()).toMatchObject({ draft: '', mode: { kind: 'write' } });
  });

  it('a reload brings it back', async () => {
    write('first');
    await until(['first']);
    session.setDraft('put aside');
    session.startEdit(target('first').id);
    session.setDraft('another first');
    const kept = () => [...sealed.storage.entries].filter(([key]) => key.startsWith('mayfly:draft:'));
    await eventually(() => expect(kept()).toHaveLength(1));
    session.reload();
    await eventually(() => expect(sealed.page.reloads).toBe(1));
    expect(JSON.stringify(kept())).not.toContain('another');
    session.stop();
    session = sealed.openSession();
    await eventually(() => expect(composer()).toMatchObject({ draft: 'another first', mode: { kind: 'edit' } }));
    await eventually(() => expect(composer().mode).toMatchObject({ quote: { text: 'first' } }));
    session.send();
    expect(composer().draft).toBe('put aside');
    await until(['another first *']);
  });

  it('a message that was refused is written again as what it was', async () => {
    await sealed.say(ben, 'tea?');
    await until(['tea?']);
    sealed.room.refusals.set('sendMessage', { reason: 'message_limit_reached' });
    session.startReply(target('tea?'));
    write('yes');
    await eventually(() => expect(messagesOf(session).at(-1)?.state).toBe('failed'));
    session.redraft(messagesOf(session).at(-1)?.id ?? '');
    expect(composer()).toMatchObject({ draft: 'yes', mode: { kind: 'reply', quote: { text: 'tea?' } } });
  });
});
