import type { Page } from '@playwright/test';
import { DoorScreen } from './support/door-screen';
import type { InsideScreen } from './support/inside-screen';
import { listen, scrollBy, sendAll, storedOrder, takeBack, watchPlace, write } from './support/long-talk';
import { joinRoom, openRoom, type ProgramSeat } from './support/program-seat';
import { refuse } from './support/room-api';
import { expect, test as base } from './support/visits';

const NODES_MAX = 6_000;
/** Less than the visible part, so that nothing is passed over unseen. */
const STEP_PIXELS = 400;
/** Beyond everything that is drawn. */
const FAR_PIXELS = 12_000;
const PLACE_PIXELS = 2;
/** Longest time for a way through the whole talk. */
const READING_MS = 120_000;

interface LongTalkFixtures {
  /** A program in a plain room of its own, who has said this many messages: "message 0" and so on. */
  newTalker: (messages: number) => Promise<ProgramSeat>;
  /** A new person in that room, live. */
  newReader: (talker: ProgramSeat) => Promise<InsideScreen>;
}

const numbered = (count: number) => Array.from({ length: count }, (_, index) => write(`message ${index}`));

const test = base.extend<LongTalkFixtures>({
  newTalker: async ({ server }, provide) => {
    await provide(async (messages) => {
      const talker = await openRoom(server.url, { lifetimeSeconds: 3_600 });
      await sendAll(talker, numbered(messages));
      return talker;
    });
  },

  newReader: async ({ server, newGuest }, provide) => {
    await provide(async ({ roomId }) => {
      const reader = await (await newGuest(`${server.url}/room/${roomId}`)).join('Rowan');
      await reader.expectLive();
      return reader;
    });
  },
});

/** At the top, while there are messages before those shown. */
const earlier = (reader: InsideScreen) => reader.log.getByRole('button', { name: /earlier messages/ });

const every50th = <Item>(items: readonly Item[], from: number) => items.filter((_, index) => index % 50 === from);

/** How many pages of messages are read from now on. */
function countPages(page: Page): () => number {
  let pages = 0;
  page.on('request', (request) => {
    if (request.method() === 'GET' && new URL(request.url()).pathname === '/api/messages') pages += 1;
  });
  return () => pages;
}

/** Away from the end, past at least one page that was not read before. */
async function scrollFar(reader: InsideScreen) {
  for (let way = 0; way < FAR_PIXELS; way += STEP_PIXELS) await scrollBy(reader, -STEP_PIXELS);
}

test('three thousand messages open with one page, and scrolling up shows each once, in order, with few nodes', async ({
  server,
  newPerson,
}) => {
  test.setTimeout(180_000);
  const talker = await openRoom(server.url, { lifetimeSeconds: 3_600 });
  const other = await joinRoom(server.url, talker.roomId);
  const texts = numbered(2_800);
  const [early, late] = [texts.slice(0, 1_400), texts.slice(1_400)];
  const corrected = every50th(texts, 7);
  const liked = every50th(texts, 21);
  const edits = corrected.map(({ id, text }) => write(`${text}, corrected`, { kind: 'edit', id }));
  const likes = () => liked.map(({ id }) => write('👍', { kind: 'reaction', id }));
  await sendAll(talker, early);
  await sendAll(talker, [...edits.slice(0, 14), ...likes().slice(0, 14)]);
  await sendAll(talker, late);
  // At the end of the talk, pages away from their messages. One person who likes a message twice counts once.
  await sendAll(talker, [...edits.slice(14), ...likes()]);
  await sendAll(other, likes());
  const lines = new Map(texts.map(({ id, text }) => [id, text]));
  for (const { id, text } of corrected) lines.set(id, `${text}, corrected (edited)`);
  for (const { id, text } of liked) lines.set(id, `${text} 👍 2`);
  const talk = (await storedOrder(talker)).map((id) => lines.get(id) ?? id);
  expect(talk).toHaveLength(texts.length);

  const door = new DoorScreen(await newPerson());
  const pages = countPages(door.page);
  await door.page.goto(`${server.url}/room/${talker.roomId}`);
  const reader = await door.join('Rowan');
  await expect(reader.log).toContainText(talk.at(-1) ?? '');
  await reader.expectLive();
  expect(pages(), 'pages read until the room is open').toBe(1);

  const places = new Map(talk.map((line, place) => [line, place]));
  const seen = new Set<string>();
  let nodesMost = 0;
  let step = 0;
  for (const begin = Date.now(); !seen.has(talk[0] ?? '') && Date.now() - begin < READING_MS; step = STEP_PIXELS) {
    const { lines: inSight, nodes } = await scrollBy(reader, -step);
    nodesMost = Math.max(nodesMost, nodes);
    const from = places.get(inSight[0] ?? '') ?? 0;
    expect(inSight, 'what is in sight').toEqual(talk.slice(from, from + inSight.length));
    for (const line of inSight) seen.add(line);
  }
  expect(
    talk.filter((line) => !seen.has(line)),
    'what was never in sight',
  ).toEqual([]);
  expect(nodesMost, 'nodes on the way').toBeLessThanOrEqual(NODES_MAX);
  // The first message is at the very top: there is nothing before it, and nothing stands twice.
  await expect(earlier(reader)).toHaveCount(0);
});

test('what one reads stays in its place while earlier pages and a flood of 200 messages come in', async ({
  newTalker,
  newReader,
}) => {
  const talker = await newTalker(600);
  const reader = await newReader(talker);
  await scrollBy(reader, -3_000);
  const { lines } = await scrollBy(reader, -1_000);
  await expect(reader.newMessages).toHaveText('Jump to latest');
  const stop = await watchPlace(reader, lines[2] ?? '');
  await sendAll(
    talker,
    numbered(200).map(({ id, text }) => ({ id, text: `flood, ${text}` })),
  );
  await talker.say('the newest of all');
  await expect(reader.newMessages).toHaveText('201 new messages');
  expect(await stop(), 'pixels away from its place').toBeLessThanOrEqual(PLACE_PIXELS);

  // So far up that the page before is read, while more is said at the end.
  let above = (await scrollBy(reader, 0)).lines;
  const pages = countPages(reader.page);
  while (pages() === 0) above = (await scrollBy(reader, -STEP_PIXELS)).lines;
  const stopAbove = await watchPlace(reader, above[2] ?? '');
  await sendAll(talker, [write('said meanwhile')]);
  await expect(reader.newMessages).toHaveText('202 new messages');
  await expect(earlier(reader)).toHaveText('Show earlier messages');
  expect(await stopAbove(), 'pixels away from its place').toBeLessThanOrEqual(PLACE_PIXELS);

  await reader.newMessages.click();
  await expect(reader.message('said meanwhile')).toBeInViewport();
  await expect(reader.newMessages).toHaveCount(0);
  await talker.say('followed again');
  await expect(reader.message('followed again')).toBeInViewport();
});

test('what is missed is counted right when the newest message is taken back meanwhile', async ({
  newTalker,
  newReader,
}) => {
  const talker = await newTalker(100);
  const reader = await newReader(talker);
  const last = write('soon taken back');
  await sendAll(talker, [last]);
  await expect(reader.message(last.text)).toBeInViewport();
  await scrollBy(reader, -1_000);
  await expect(reader.newMessages).toHaveText('Jump to latest');
  await takeBack(talker, last.id);
  await talker.say('the only new one');
  await expect(reader.newMessages).toHaveText('1 new message');
});

test.describe('with a message of one’s own that has failed', () => {
  test.use({ expectedErrors: [/422/] });

  test('what others say is still counted as missed and read out', async ({ newTalker, newReader }) => {
    const talker = await newTalker(100);
    const reader = await newReader(talker);
    const heard = await listen(reader);
    await refuse(reader.page, 'POST', '/api/messages', { status: 422, code: 'invalid_request' });
    await reader.say('refused');
    await expect(reader.failed('refused').again).toBeVisible();
    await talker.say('said while one waits');
    await expect.poll(heard).toEqual(['\u2068Quiet Otter\u2069: said while one waits']);
    await scrollBy(reader, -1_000);
    await expect(reader.newMessages).toHaveText('Jump to latest');
    await talker.say('said while one is away');
    await expect(reader.newMessages).toHaveText('1 new message');
  });
});

test('the focus in a link and a selection survive when their messages are scrolled far away and back', async ({
  newTalker,
  newReader,
}) => {
  const talker = await newTalker(700);
  await talker.say('to be selected');
  await sendAll(
    talker,
    numbered(100).map(({ id, text }) => ({ id, text: `between, ${text}` })),
  );
  await talker.say('see https://example.com/here');
  const reader = await newReader(talker);
  const link = reader.log.getByRole('link', { name: 'https://example.com/here' });
  const outAndBack = async () => {
    await scrollFar(reader);
    await expect(link).not.toBeInViewport();
    await reader.newMessages.click();
    await expect(link).toBeInViewport();
  };

  await link.focus();
  await outAndBack();
  await expect(link).toBeFocused();

  const selected = reader.message('to be selected');
  while ((await selected.count()) === 0) await scrollBy(reader, -STEP_PIXELS);
  await selected.scrollIntoViewIfNeeded();
  await selected.selectText();
  await outAndBack();
  expect(await reader.page.evaluate(() => document.getSelection()?.toString().trim())).toBe('to be selected');
});

test('each arrival is read out once, and neither one’s own messages nor what scrolling brings', async ({
  newTalker,
  newReader,
}) => {
  const talker = await newTalker(600);
  const reader = await newReader(talker);
  const heard = await listen(reader);
  for (const text of ['the first', 'the second']) await talker.say(text);
  const first = ['\u2068Quiet Otter\u2069: the first', '\u2068Quiet Otter\u2069: the second'];
  await expect.poll(heard).toEqual(first);

  await reader.say('one of my own');
  await expect(reader.message('one of my own')).toBeInViewport();
  await scrollFar(reader);
  await expect(earlier(reader)).toHaveText('Show earlier messages');
  await reader.newMessages.click();
  await talker.say('the third');
  await expect.poll(heard).toEqual([...first, '\u2068Quiet Otter\u2069: the third']);
});

test('a message that its author takes back is gone, and only who had seen it reads so', async ({
  newTalker,
  newReader,
}) => {
  const talker = await newTalker(20);
  const reader = await newReader(talker);
  const said = write('a word too much');
  await sendAll(talker, [said, write('a word too much, corrected', { kind: 'edit', id: said.id })]);
  await expect(reader.message('a word too much, corrected')).toBeVisible();
  const heard = await listen(reader);
  await takeBack(talker, said.id);
  await reader.expectNotice('Quiet Otter', 'took a message back');
  await expect(reader.log).not.toContainText('a word too much');
  await expect.poll(heard).toEqual(['\u2068Quiet Otter\u2069 took a message back']);
  await expect(reader.message('message 19')).toBeVisible();

  const late = await newReader(talker);
  await expect(late.message('message 19')).toBeVisible();
  await late.say('what did I miss?');
  await expect(reader.message('what did I miss?')).toBeVisible();
  await expect(late.log).not.toContainText('a word too much');
  await expect(late.log).not.toContainText('took a message back');
  // An edit that comes too late has nothing left to change.
  const edit = write('changed my mind', { kind: 'edit', id: said.id });
  expect(
    (await talker.ask('POST', `/api/messages?roomId=${talker.roomId}`, { sender: 'Quiet Otter', ...edit })).status,
  ).toBe(404);
});

test('somebody who sends hundreds of reactions hides no message from those who come later', async ({
  newTalker,
  newReader,
}) => {
  const talker = await newTalker(0);
  const said = numbered(30);
  await sendAll(talker, said);
  const [first] = said;
  await sendAll(
    talker,
    Array.from({ length: 450 }, () => write('👍', { kind: 'reaction', id: first?.id ?? '' })),
  );
  const reader = await newReader(talker);
  await expect(reader.log).toContainText('message 29');
  await expect(reader.log).toContainText('message 0');
});
