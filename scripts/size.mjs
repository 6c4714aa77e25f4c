/**
 * The size check: how much JavaScript a browser loads for the front page and for the room page, gzipped as
 * the server sends it. Fails when a page is over its budget.
 */
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { startBuiltServer } from './built-server.mjs';
import { ensureBuild } from './current-build.mjs';
import { Trouble, inProject, runMain } from './project.mjs';

/**
 * In kB of 1,000 bytes: the present size, rounded up to the next five. The aim is 170 for both pages. The front page stays
 * below it because the code that makes a room, schemas and sealing included, is fetched after the page is on the screen. The
 * room page cannot wait for any of that: besides Next and React (135), it has to seal, check and speak at once. The rest is
 * the room itself and stays in one piece, because a menu or an ending that has not been fetched yet is missing when the line
 * is down.
 */
const BUDGET_KB = { front: 160, room: 200 };

/** Every room id has the same page, because the page is rendered without looking up the room. */
const PAGES = [
  { title: 'front page', url: '/', budgetKb: BUDGET_KB.front },
  { title: 'room page', url: '/room/SizeSizeSizeSizeSizeSi', budgetKb: BUDGET_KB.room },
];

/** Smaller chunks are left out of the list, to keep it readable. */
const SMALLEST_PART_KB = 2;

await runMain(async () => {
  await ensureBuild({ quiet: true });
  const server = await startBuiltServer();
  let fits = true;
  try {
    for (const page of PAGES) {
      const chunks = await measure(server.url + page.url);
      const totalKb = chunks.reduce((kb, [, part]) => kb + part, 0);
      const verdict = totalKb > page.budgetKb ? ': OVER BUDGET' : '';
      console.log(
        `${page.title.padEnd(10)}  ${totalKb.toFixed(1)} kB of JavaScript gzipped, of ${page.budgetKb} allowed${verdict}`,
      );
      const large = chunks.filter(([, kb]) => kb >= SMALLEST_PART_KB).map(([name, kb]) => `${name} ${kb.toFixed(1)}`);
      console.log(`            ${large.join(' · ')}`);
      fits &&= totalKb <= page.budgetKb;
    }
  } finally {
    await server.stop();
  }
  return fits ? 0 : 1;
});

/**
 * Every script that the page's HTML names, in its tags and in the data that hydration reads. The polyfills are not
 * counted, because their `noModule` keeps them from every browser of recent years.
 * @param {string} url @returns {Promise<[name: string, kb: number][]>} largest first
 */
async function measure(url) {
  const html = await (await fetch(url)).text();
  const legacy = [...html.matchAll(/<script\b[^>]*\bnoModule\b[^>]*>/gi)].flatMap(([tag]) => chunksIn(tag));
  const names = [...new Set(chunksIn(html))].filter((chunk) => !legacy.includes(chunk));
  if (names.length === 0) throw new Trouble(`${url} names no scripts: the size check does not understand it.`);
  const chunks = await Promise.all(
    names.map(async (name) => {
      const bytes = gzipSync(await readFile(inProject('.next', 'static', name))).length;
      return /** @type {[string, number]} */ ([name.replace(/^chunks\/|-[0-9a-f]+\.js$/g, ''), bytes / 1000]);
    }),
  );
  return chunks.sort((one, other) => other[1] - one[1]);
}

/** @param {string} text @returns {string[]} paths below `.next/static` */
function chunksIn(text) {
  return [...text.matchAll(/static\/(chunks\/[\w./~%[\]-]+?\.js)\b/g)].map(([, chunk]) =>
    decodeURIComponent(String(chunk)),
  );
}
