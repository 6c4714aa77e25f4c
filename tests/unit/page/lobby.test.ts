import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Answer } from '@/domain/failure';
import type { ListedRoom, Lobby } from '@/domain/lobby';
import { roomIdSchema } from '@/domain/room';
import { createLobby, type FollowedLobby } from '@/page/lobby';

const SKEW_MS = 90_000;
const serverNow = () => Date.now() + SKEW_MS;

const listed = (index: number, livesMs = 600_000): ListedRoom => ({
  roomId: roomIdSchema.parse(`Listed${String(index).padStart(16, '0')}`),
  topic: `Topic ${index}`,
  members: 2,
  here: 1,
  maxMembers: 10,
  createdAt: serverNow(),
  expiresAt: serverNow() + livesMs,
});

let page: EventTarget;
let isVisible: boolean;
let answer: () => Promise<Answer<Lobby>>;
let reads: number;
let lobby: FollowedLobby;
let stop: () => void;

const lobbyOf = (rooms: readonly ListedRoom[]): Lobby => ({ now: serverNow(), here: 3, rooms: 2, listed: [...rooms] });
const says = (rooms: () => readonly ListedRoom[]) => () =>
  Promise.resolve({ ok: true as const, value: lobbyOf(rooms()) });
const refuses = (reason: 'unreachable' | 'rate_limited' | 'lobby_off', retryAfterSeconds?: number) => () =>
  Promise.resolve({
    ok: false as const,
    failure: { reason, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) },
  });

const topics = () => {
  const state = lobby.get();
  return state.state === 'read' ? state.lobby.listed.map(({ topic }) => topic) : state.state;
};
const show = (visible: boolean) => {
  isVisible = visible;
  page.dispatchEvent(new Event('visibilitychange'));
};
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers();
  page = new EventTarget();
  isVisible = true;
  reads = 0;
  answer = says(() => []);
  lobby = createLobby({
    readLobby: () => {
      reads += 1;
      return answer();
    },
    isVisible: () => isVisible,
    page: [page],
    random: () => 1,
  });
});

async function begin() {
  stop = lobby.start();
  await pass(0);
}

afterEach(() => {
  stop();
  vi.useRealTimers();
});

describe('the lobby', () => {
  it('is read again every five seconds while the page is in sight', async () => {
    const rooms = [listed(1)];
    answer = says(() => rooms);
    await begin();
    rooms.unshift(listed(2));
    await pass(5_000);
    expect(topics()).toEqual(['Topic 2', 'Topic 1']);
    await pass(15_000);
    expect(reads).toBe(5);
  });

  it('is not read while nobody looks, and at once when somebody does', async () => {
    await begin();
    show(false);
    await pass(600_000);
    expect(reads).toBe(1);
    show(true);
    await pass(0);
    expect(reads).toBe(2);
  });

  it('is not read at all by a page that was never in sight', async () => {
    isVisible = false;
    await begin();
    await pass(600_000);
    expect(reads).toBe(0);
    expect(topics()).toBe('loading');
  });

  it('drops a room in the moment in which its time is up, by the server’s clock, read or not', async () => {
    const rooms = [listed(1), listed(2, 7_000)];
    answer = says(() => rooms);
    await begin();
    answer = refuses('unreachable');
    await pass(6_999);
    expect(topics()).toEqual(['Topic 1', 'Topic 2']);
    await pass(1);
    expect(topics()).toEqual(['Topic 1']);
  });

  it('drops at the first sight what ended while the page was hidden', async () => {
    const rooms = [listed(1, 20_000)];
    answer = says(() => rooms);
    await begin();
    show(false);
    answer = () => new Promise(() => undefined);
    await pass(60_000);
    show(true);
    expect(topics()).toEqual([]);
  });

  it('says that nothing could be read, and shows what was read before as long as it holds', async () => {
    answer = refuses('unreachable');
    await begin();
    expect(topics()).toBe('failed');
    answer = says(() => [listed(1)]);
    await pass(4_000);
    expect(topics()).toEqual(['Topic 1']);
    answer = refuses('unreachable');
    await pass(60_000);
    expect(topics()).toEqual(['Topic 1']);
  });

  it('asks ever more rarely while the server is away, and no sooner than the server says', async () => {
    answer = refuses('unreachable');
    await begin();
    await pass(4_000 + 8_000 + 16_000);
    expect(reads).toBe(4);
    answer = refuses('rate_limited', 300);
    await pass(32_000);
    expect(reads).toBe(5);
    await pass(300_000);
    expect(reads).toBe(5);
    await pass(60_000);
    expect(reads).toBe(6);
  });

  it('asks no more where it is off', async () => {
    answer = refuses('lobby_off');
    await begin();
    expect(topics()).toBe('off');
    show(false);
    show(true);
    await pass(600_000);
    expect(reads).toBe(1);
  });

  it('asks once where the page is shown again while an answer is on its way', async () => {
    answer = () => new Promise(() => undefined);
    await begin();
    show(false);
    show(true);
    page.dispatchEvent(new Event('pageshow'));
    await pass(0);
    expect(reads).toBe(1);
  });

  it('is left alone once nobody follows it', async () => {
    await begin();
    stop();
    page.dispatchEvent(new Event('visibilitychange'));
    await pass(600_000);
    expect(reads).toBe(1);
  });
});
