// @vitest-environment happy-dom
import { act, type ReactNode } from 'react';
import { describe, expect, it, vi } from 'vitest';
import { KnockList } from '@/components/room/knocks/knock-list';
import { KnockToast } from '@/components/room/knocks/knock-toast';
import { AtTheDoor } from '@/components/room/screens/at-the-door';
import { IgnoredLine } from '@/components/room/transcript/ignored-line';
import { LinksLead, MessageText } from '@/components/room/transcript/message-text';
import { knockIdSchema } from '@/domain/knock';
import { cursorSchema } from '@/domain/message';
import { createStore } from '@/lib/store';
import type { Knock } from '@/page/room-screen';
import { NOBODY, type AtDoor, type DoorState } from '@/session/knocks/door-state';
import type { RoomSession } from '@/session/room-session';
import { rowan } from '@tests/gallery/people';
import { roomSession } from '@tests/gallery/session';
import { mount } from '@tests/unit/components/mount';

const nothing = () => undefined;

function draw(element: ReactNode) {
  const container = mount(element);
  const text = () => container.textContent.replace(/[\u2068\u2069]/g, '');
  const button = (name: string) =>
    [...container.querySelectorAll('button')].find(
      (one) => (one.getAttribute('aria-label') ?? one.textContent) === name,
    ) ?? null;
  /** `detail` is what a browser counts: 0 by keyboard, 2 for the second press of a double one. */
  const press = (name: string, detail = 1) =>
    act(() => void button(name)?.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, detail })));
  return { container, text, button, press };
}

const somebody = (name: string | null, index = 0): AtDoor => ({
  knockId: knockIdSchema.parse(`Knock${index}`.padEnd(16, '0')),
  name,
});

/** A room of its owner, with these at the door. */
function doorWith(state: Partial<DoorState>, sealed = true) {
  const atDoor = createStore<DoorState>({ ...NOBODY, ...state });
  const answerKnock = vi.fn();
  const forgetMissed = vi.fn();
  const session: RoomSession = {
    ...roomSession({ room: { sealed, entry: 'knock' } }),
    knocks: { atDoor, answerKnock, forgetMissed },
  };
  return {
    session,
    answerKnock,
    forgetMissed,
    set: (change: Partial<DoorState>) => act(() => atDoor.set({ ...atDoor.get(), ...change })),
  };
}

describe('the toast of an owner', () => {
  it('names the first one at the door and counts the others, and answers that one alone', () => {
    const [ada, bert, cleo] = [somebody('Ada', 0), somebody('Bert', 1), somebody('Cleo', 2)];
    const door = doorWith({ waiting: [ada, bert, cleo] });
    const { text, press } = draw(<KnockToast session={door.session} onDone={nothing} />);
    expect(text()).toContain('Ada is at the door2 more are waiting');
    press('Let in: Ada');
    expect(door.answerKnock).toHaveBeenCalledExactlyOnceWith(ada.knockId, true);
    door.set({ waiting: [bert, cleo] });
    expect(text()).toContain('Bert is at the door1 more is waiting');
    press('Refuse: Bert');
    expect(door.answerKnock).toHaveBeenLastCalledWith(bert.knockId, false);
  });

  it('takes the second press of a double one for nothing', () => {
    const door = doorWith({ waiting: [somebody('Ada')] });
    draw(<KnockToast session={door.session} onDone={nothing} />).press('Let in: Ada', 2);
    expect(door.answerKnock).not.toHaveBeenCalled();
  });

  it('shows no name that nobody can verify', () => {
    const door = doorWith({ waiting: [somebody(null)] });
    const { text, button } = draw(<KnockToast session={door.session} onDone={nothing} />);
    expect(text()).toContain('Somebody is at the door');
    expect(button('Let in: Somebody without a verified name')).not.toBeNull();
  });

  it('is put away for those who are there, and comes back for the next', () => {
    const door = doorWith({ waiting: [somebody('Ada', 0)] });
    const { text, press } = draw(<KnockToast session={door.session} onDone={nothing} />);
    press('Dismiss');
    expect(text()).toBe('');
    door.set({ waiting: [somebody('Ada', 0), somebody('Bert', 1)] });
    expect(text()).toContain('Bert is at the door');
  });

  it('says who had gone before the answer', () => {
    const door = doorWith({ missed: somebody('Ada') });
    const { text, press } = draw(<KnockToast session={door.session} onDone={nothing} />);
    expect(text()).toContain('Ada is no longer at the door.');
    press('Dismiss');
    expect(door.forgetMissed).toHaveBeenCalledOnce();
  });

  it('gives the focus on when a key answers the last one', () => {
    const onDone = vi.fn();
    const door = doorWith({ waiting: [somebody('Ada')] });
    draw(<KnockToast session={door.session} onDone={onDone} />).press('Let in: Ada', 0);
    expect(onDone).toHaveBeenCalledOnce();
  });
});

it('the list has everybody at the door, in order, each with both answers', () => {
  const door = doorWith({ waiting: [somebody('Ada', 0), somebody(null, 1)] }, false);
  const { container, press } = draw(<KnockList session={door.session} onAnswer={nothing} />);
  expect([...container.querySelectorAll('li bdi')].map((row) => row.textContent)).toEqual(['Ada', 'Somebody']);
  press('Refuse: Somebody');
  expect(door.answerKnock).toHaveBeenCalledExactlyOnceWith(somebody(null, 1).knockId, false);
});

describe('at the door', () => {
  const draftless = { clock: () => 0, draft: '', headingId: 'heading' };
  const drawn = (knock: Knock) => draw(<AtTheDoor knock={knock} {...draftless} />);

  it('somebody who waits reads that they do, why nobody can be asked, and may stop', () => {
    const stop = vi.fn();
    const { text, press } = drawn({ state: 'waiting', trouble: { reason: 'offline' }, stop });
    expect(text()).toContain('Waiting to be let in');
    expect(text()).toContain('You’re offline. This page asks again when you’re connected.');
    press('Stop waiting');
    expect(stop).toHaveBeenCalledOnce();
  });

  it('somebody refused asks again when they may, and not before', () => {
    const ask = vi.fn();
    const early = drawn({ state: 'refused', againAt: 42_000, ask });
    early.press('Ask again in 42 s');
    expect(ask).not.toHaveBeenCalled();
    drawn({ state: 'refused', againAt: 0, ask }).press('Ask again');
    expect(ask).toHaveBeenCalledOnce();
  });

  it('somebody refused for good has nothing to press', () => {
    const { text, container } = drawn({ state: 'refused', againAt: null, ask: null });
    expect(text()).toContain('The owner doesn’t let you into this room.');
    expect(container.querySelectorAll('button')).toHaveLength(0);
  });
});

it('in the place of what an ignored member said stands how much it is, and the way back', () => {
  const ignore = vi.fn();
  const entry = {
    kind: 'notice' as const,
    id: 'one',
    cursor: cursorSchema.parse('1-0'),
    timestamp: 0,
    notice: 'ignored' as const,
    memberId: rowan.memberId,
    name: 'Rowan',
    self: false,
  };
  const { text, press } = draw(
    <ul>
      <IgnoredLine
        group={{ kind: 'notice', key: 'one', isAfterPause: false, entry, count: 3 }}
        session={{ ignored: { members: createStore(new Set()), ignore } }}
      />
    </ul>,
  );
  expect(text()).toContain('3 messages from Rowan, whom you ignore');
  press('Stop ignoring');
  expect(ignore).toHaveBeenCalledExactlyOnceWith(rowan.memberId, false);
});

it('a link of a newcomer to a public room is the text that was typed', () => {
  const text = 'see https://bees.example/buy now';
  const links = (leads: boolean) =>
    draw(
      <LinksLead value={leads}>
        <MessageText text={text} />
      </LinksLead>,
    ).container;
  expect(links(true).querySelectorAll('a')).toHaveLength(1);
  const plain = links(false);
  expect([plain.querySelectorAll('a').length, plain.textContent]).toEqual([0, text]);
});
