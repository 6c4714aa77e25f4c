import { DoorScreen } from './support/door-screen';
import type { InsideScreen } from './support/inside-screen';
import { expect, test } from './support/on-redis';

// The browser logs lines of its own about requests that fail while the test has cut the line, or that a server which is stopping refuses.
test.use({ expectedErrors: [/Failed to load resource: (?:net::ERR_|.* 503 )/] });

/** Longer than a stream may be silent, in milliseconds. */
const TOO_SILENT_MS = 31_000;

/** Checks that both have the same texts in the same order, each once. */
async function expectSameTalk(people: readonly InsideScreen[], texts: readonly string[]): Promise<void> {
  const pattern = new RegExp(texts.join('|'), 'g');
  const talk = async (person: InsideScreen) => (await person.log.innerText()).match(pattern) ?? [];
  for (const person of people) await expect.poll(async () => (await talk(person)).toSorted()).toEqual(texts.toSorted());
  // One's own messages stand at the end until their answers have come.
  const orders = async () => new Set((await Promise.all(people.map(talk))).map((order) => order.join()));
  await expect.poll(async () => [...(await orders())]).toHaveLength(1);
}

test('a browser that goes offline says so, and both people end with the same conversation', async ({ newTalk }) => {
  const { owner, guest } = await newTalk();
  await owner.say('while both are there');
  await expect(guest.message('while both are there')).toBeVisible();

  await guest.page.context().setOffline(true);
  await expect(guest.connection).toHaveText('Offline');
  await expect(
    guest.page.getByText(/^You’ve been offline since .+\. Messages will send when you’re back/),
  ).toBeVisible();
  await owner.say('said to one who is away');
  await owner.expectStored('said to one who is away');
  await guest.say('said from away');
  await expect(guest.log.getByText('Waiting to send')).toBeVisible();
  await owner.expectLive();

  await guest.page.context().setOffline(false);
  await guest.expectLive();
  for (const person of [owner, guest])
    await person.expectTalk(['while both are there', 'said to one who is away', 'said from away']);
});

test('when every line is cut, both pages say so, and both end with the same conversation once the lines are mended', async ({
  newTalk,
  server,
}) => {
  const { owner, guest } = await newTalk();
  server.wire.cut();
  for (const person of [owner, guest]) await expect(person.connection).toHaveText('Reconnecting…');
  await owner.say('from the one side');
  await guest.say('from the other side');
  for (const person of [owner, guest]) {
    await expect(person.log.getByText('Waiting to send')).toBeVisible();
    await expect(
      person.page.getByText(/^The connection dropped at .+\. Messages will send when it’s back/),
    ).toBeVisible();
    await expect(person.connection).toHaveText('Reconnecting…');
  }
  server.wire.mend();
  for (const person of [owner, guest]) await person.expectLiveAgain();
  await owner.say('afterwards');
  await expectSameTalk([owner, guest], ['from the one side', 'from the other side', 'afterwards']);
});

test('a line that has gone silent is found dead within half a minute, and messages sent meanwhile arrive', async ({
  newOwner,
  newPerson,
  server,
}) => {
  const owner = await newOwner();
  const page = await newPerson();
  await page.clock.install();
  await page.goto(owner.link);
  const guest = await new DoorScreen(page).join('Rowan');
  await guest.expectLive();

  server.wire.stall('everything');
  await owner.say('into the silence');
  await page.clock.fastForward(TOO_SILENT_MS);
  await expect(guest.connection).toHaveText('Reconnecting…');
  // The silent connections are dead and would not have recovered; new ones get through.
  server.wire.cut();
  server.wire.mend();
  await guest.expectLive();
  await owner.expectLive();
  await guest.say('heard again');
  await expectSameTalk([owner, guest], ['into the silence', 'heard again']);
});

test('across a restart of the server both people go on with the same conversation', async ({ newTalk, server }) => {
  const { owner, guest } = await newTalk();
  await owner.say('before the restart');
  await expect(guest.message('before the restart')).toBeVisible();

  await server.stop();
  for (const person of [owner, guest]) await expect(person.connection).toHaveText('Reconnecting…');
  await owner.say('from the one side');
  await guest.say('from the other side');
  await server.start();

  for (const person of [owner, guest]) await person.expectLiveAgain();
  await guest.say('after the restart');
  await expectSameTalk(
    [owner, guest],
    ['before the restart', 'from the one side', 'from the other side', 'after the restart'],
  );
});

test('a tab that slept while others talked has missed nothing', async ({ newTalk, server }) => {
  const { owner, guest } = await newTalk();
  const devtools = await guest.page.context().newCDPSession(guest.page);
  await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
  const said = ['first of the night', 'second of the night', 'third of the night'];
  for (const text of said.slice(0, 2)) await owner.say(text);
  // Its connections do not survive the sleep.
  server.wire.cut();
  server.wire.mend();
  await owner.expectLive();
  await owner.say('third of the night');

  await devtools.send('Page.setWebLifecycleState', { state: 'active' });
  await guest.expectTalk(said);
  await guest.expectLive();
  await guest.say('good morning');
  for (const person of [owner, guest]) await person.expectTalk([...said, 'good morning']);
});
