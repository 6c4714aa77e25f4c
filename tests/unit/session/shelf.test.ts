import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { roomIdSchema } from '@/domain/room';
import { createShelf, type Shelf } from '@/session/shelf';
import { clearShelves } from '@/session/shelf-names';
import { FakePage, FakeStorage } from '@tests/unit/client/fake-browser';
import { FakeLocks } from '@tests/support/fake-locks';

const ROOM = roomIdSchema.parse('Aa0Bb1Cc2Dd3Ee4Ff5Gg6H');
const OTHER_ROOM = roomIdSchema.parse('Zz9Yy8Xx7Ww6Vv5Uu4Tt3S');

/** The storage of the browser. */
let lasting: FakeStorage;
let locks: FakeLocks;

interface Page {
  readonly shelf: Shelf;
  readonly signals: FakePage;
  /** Of its tab. */
  readonly storage: FakeStorage;
  readonly adopted: string[];
  readonly taken: string[];
  /** The page is closed, or another one is loaded in its tab. */
  readonly close: () => void;
}

function openPage(storage = new FakeStorage(), { isWanted = true, roomId = ROOM } = {}): Page {
  const over = new AbortController();
  const signals = new FakePage();
  const shelf = createShelf({
    roomId,
    storage,
    lasting: { storage: lasting, locks },
    page: signals,
    over: over.signal,
  });
  const adopted: string[] = [];
  const taken: string[] = [];
  shelf.onTaken((name) => taken.push(name));
  shelf.adopt(
    'outbox',
    (value) => adopted.push(value),
    () => isWanted,
  );
  return { shelf, signals, storage, adopted, taken, close: () => over.abort() };
}

/** A page that has its lock. */
async function openSettled(...settings: Parameters<typeof openPage>): Promise<Page> {
  const page = openPage(...settings);
  await settle();
  return page;
}

const after = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const settle = () => after(1);
/** A page that was asked about has not gone by then. */
const GOING_MS = 3_000;
const left = () => [...lasting.entries.values()];

beforeEach(() => {
  vi.useFakeTimers();
  lasting = new FakeStorage();
  locks = new FakeLocks();
});

afterEach(() => vi.useRealTimers());

describe('what a page keeps', () => {
  it('is in the browser’s storage as soon as no other page can take it, and in the tab’s until then', async () => {
    const page = openPage();
    page.shelf.put('outbox', 'early');
    expect([left(), page.storage.getItem(`mayfly:outbox:${ROOM}`)]).toEqual([[], 'early']);
    await settle();
    expect([left(), page.storage.getItem(`mayfly:outbox:${ROOM}`)]).toEqual([['early'], null]);
    page.shelf.put('outbox', null);
    expect(left()).toEqual([]);
  });

  it('goes to the next page of its tab, and to no other one while it is there', async () => {
    const page = await openSettled();
    page.shelf.put('outbox', 'waiting');
    const other = await openSettled();
    await after(GOING_MS);
    expect(other.adopted).toEqual([]);
    const next = openPage(page.storage);
    await settle();
    expect(next.adopted).toEqual([]);
    // It goes a moment later.
    page.close();
    await settle();
    expect([next.adopted, other.adopted, left()]).toEqual([['waiting'], [], []]);
  });

  it('goes to a page that is opened a moment before its own has gone', async () => {
    const page = await openSettled();
    page.shelf.put('outbox', 'waiting');
    const other = await openSettled();
    await after(1_000);
    page.close();
    await settle();
    expect(other.adopted).toEqual(['waiting']);
  });

  it('goes to one page alone, though ten are opened when its tab is closed', async () => {
    const page = await openSettled();
    page.shelf.put('outbox', 'waiting');
    page.close();
    const others = await Promise.all(Array.from({ length: 10 }, () => openSettled()));
    expect(others.flatMap(({ adopted }) => adopted)).toEqual(['waiting']);
  });

  it('goes to a page that was there before, once somebody looks at that', async () => {
    const [page, other] = [await openSettled(), await openSettled()];
    page.shelf.put('outbox', 'waiting');
    await after(GOING_MS);
    page.close();
    await settle();
    expect(other.adopted).toEqual([]);
    other.signals.emit('visible');
    await settle();
    expect(other.adopted).toEqual(['waiting']);
  });

  it('goes to no page of another room', async () => {
    const page = await openSettled();
    page.shelf.put('outbox', 'waiting');
    page.close();
    const other = await openSettled(page.storage, { roomId: OTHER_ROOM });
    expect([other.adopted, left()]).toEqual([[], ['waiting']]);
  });

  it('stays for the next page where it is not wanted', async () => {
    const page = await openSettled();
    page.shelf.put('outbox', 'waiting');
    page.close();
    await openSettled(new FakeStorage(), { isWanted: false });
    expect(left()).toEqual(['waiting']);
    expect((await openSettled()).adopted).toEqual(['waiting']);
  });

  it('is in the tab’s storage where the browser’s is full', async () => {
    const page = await openSettled();
    page.shelf.put('outbox', 'short');
    vi.spyOn(lasting, 'setItem').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    page.shelf.put('outbox', 'long');
    expect([left(), page.storage.getItem(`mayfly:outbox:${ROOM}`)]).toEqual([[], 'long']);
    page.close();
    expect((await openSettled(page.storage)).adopted).toEqual(['long']);
  });

  it('is in the tab’s storage where the browser refuses its locks', async () => {
    vi.spyOn(locks, 'request').mockRejectedValue(new DOMException('insecure', 'SecurityError'));
    const page = await openSettled();
    page.shelf.put('outbox', 'waiting');
    page.close();
    expect([left(), (await openSettled(page.storage)).adopted]).toEqual([[], ['waiting']]);
  });

  it('is cleared with its room, whichever page kept it, and nothing of another room is', async () => {
    for (const roomId of [ROOM, OTHER_ROOM]) {
      const page = await openSettled(new FakeStorage(), { roomId });
      page.shelf.put('outbox', roomId);
      page.shelf.put('draft', roomId);
    }
    clearShelves([lasting], ROOM);
    expect(left()).toEqual([OTHER_ROOM, OTHER_ROOM]);
  });
});

describe('a page in the back/forward cache', () => {
  it('holds no lock, so the next page has what it kept, and hears of that when it comes back', async () => {
    const page = await openSettled();
    page.shelf.put('outbox', 'waiting');
    page.signals.emit('left');
    await settle();
    const next = await openSettled(page.storage);
    expect(next.adopted).toEqual(['waiting']);
    next.shelf.put('outbox', 'waiting');
    page.signals.emit('restored');
    await settle();
    expect([page.taken, left()]).toEqual([['outbox'], ['waiting']]);
  });

  it('goes on where nobody has taken it', async () => {
    const page = await openSettled();
    page.shelf.put('outbox', 'waiting');
    page.signals.emit('left');
    await settle();
    page.signals.emit('restored');
    await settle();
    expect(page.taken).toEqual([]);
    expect((await openSettled()).adopted).toEqual([]);
    page.shelf.put('outbox', null);
    expect(left()).toEqual([]);
  });
});
