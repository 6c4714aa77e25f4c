/**
 * The size check: how much JavaScript a browser loads for the front page and for the room page, gzipped as
 * the server sends it: before the page can be used, and as more of it arrives. Fails when a page is over its budget.
 */
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { startBuiltServer } from './built-server.mjs';
import { ensureBuild } from './current-build.mjs';
import { Trouble, inProject, runMain } from './project.mjs';

/**
 * What a page has loaded at one moment: `parts` matches the dynamic imports (`importer -> imported`) that it has made since the
 * moment before. `bound` is in kB of 1,000 bytes, all that was loaded until then; Next and React alone are 120 of it.
 * @typedef {{ title: string, parts?: RegExp, bound: number }} Moment
 * @typedef {{ url: string, moments: readonly Moment[] }} Page
 */

/**
 * Parts are fetched before they are needed, so that they are there when the line is down; those of private talk, which needs the line, when
 * somebody asks. Every room id has the same page,
 * because the page is rendered without looking up the room.
 * @type {readonly Page[]}
 */
const PAGES = [
  {
    url: '/',
    moments: [
      { title: 'front page, before one can make a room', bound: 133 },
      {
        title: 'front page, idle',
        parts:
          /^(?:app\/purge-on-load|hooks\/use-open-room.* -> @\/page\/open-room|components\/lobby\/room-behind-place)/,
        bound: 165,
      },
      { title: 'front page, with public rooms', parts: /^components\/lobby\//, bound: 168 },
    ],
  },
  {
    url: '/room/SizeSizeSizeSizeSizeSi',
    moments: [
      { title: 'room page, before one can join', bound: 165 },
      { title: 'room page, before one can speak', parts: /^page\/environment.* -> |inside-screen$/, bound: 200 },
      {
        title: 'room page, idle',
        parts:
          /^(?:app\/purge-on-load|components\/room\/(?!options\/|steering\/|private-talk\/|knocks\/|report\/)|session\/(?!knocks\/|around-the-talk))/,
        bound: 308,
      },
      { title: 'room page of its owner, idle', parts: /^components\/room\/options\//, bound: 311 },
      {
        title: 'room page, with what comes up in few rooms',
        parts: /^(?:components\/room\/(?:steering|knocks|report|private-talk)\/|session\/(?:knocks\/|around-the-talk))/,
        bound: 322,
      },
    ],
  },
];

/** Smaller chunks are left out of the list, to keep it readable. */
const SMALLEST_PART_KB = 2;

await runMain(async () => {
  await ensureBuild({ quiet: true });
  const server = await startBuiltServer();
  let fits = true;
  try {
    for (const { url, moments } of PAGES) {
      const loaded = new Set(await chunksOfPage(server.url + url));
      for (const { title, parts, bound } of moments) {
        for (const chunk of parts ? await chunksOfParts(parts) : []) loaded.add(chunk);
        fits = (await report(title, [...loaded], bound)) && fits;
      }
    }
  } finally {
    await server.stop();
  }
  return fits ? 0 : 1;
});

/** @param {string} title @param {readonly string[]} names @param {number} budgetKb @returns {Promise<boolean>} within the budget */
async function report(title, names, budgetKb) {
  const chunks = await measure(names);
  const totalKb = chunks.reduce((kb, [, part]) => kb + part, 0);
  const verdict = totalKb > budgetKb ? ': OVER BUDGET' : '';
  console.log(`${title}: ${totalKb.toFixed(1)} kB of JavaScript gzipped, of ${budgetKb} allowed${verdict}`);
  const large = chunks.filter(([, kb]) => kb >= SMALLEST_PART_KB).map(([name, kb]) => `${name} ${kb.toFixed(1)}`);
  console.log(`            ${large.join(' · ')}`);
  return totalKb <= budgetKb;
}

/**
 * Every script that the page's HTML names, in its tags and in the data that hydration reads, but for
 * the polyfills, which `noModule` keeps from every browser of recent years.
 * @param {string} url @returns {Promise<string[]>}
 */
async function chunksOfPage(url) {
  const html = await (await fetch(url)).text();
  const legacy = [...html.matchAll(/<script\b[^>]*\bnoModule\b[^>]*>/gi)].flatMap(([tag]) => chunksIn(tag));
  const names = [...new Set(chunksIn(html))].filter((chunk) => !legacy.includes(chunk));
  if (names.length === 0) throw new Trouble(`${url} names no scripts: the size check does not understand it.`);
  return names;
}

/** @param {RegExp} parts which dynamic imports @returns {Promise<string[]>} the chunks that they load */
async function chunksOfParts(parts) {
  /** @type {Record<string, { files: string[] }>} */
  const manifest = JSON.parse(await readFile(inProject('.next', 'react-loadable-manifest.json'), 'utf8'));
  const found = Object.entries(manifest).filter(([name]) => parts.test(name));
  if (found.length === 0) throw new Trouble(`The build has no dynamic import that matches ${String(parts)}.`);
  return found.flatMap(([, { files }]) => files.flatMap(chunksIn)).filter((chunk) => chunk.endsWith('.js'));
}

/** @param {readonly string[]} names @returns {Promise<[name: string, kb: number][]>} largest first */
async function measure(names) {
  const chunks = await Promise.all(
    names.map(async (name) => {
      const bytes = gzipSync(await readFile(inProject('.next', 'static', name))).length;
      return /** @type {[string, number]} */ ([name.replace(/^chunks\/|[-.][0-9a-f]+\.js$/g, ''), bytes / 1000]);
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
