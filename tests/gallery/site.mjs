import { watch } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'vite';
import { inProject } from '../../scripts/project.mjs';
import { createForcedColours } from './forced-colours.mjs';

const GALLERY = inProject('tests', 'gallery');
/** Editors save several files at a time. */
const SETTLE_MS = 100;

/** @type {Record<string, string>} */
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
};

/** Builds the gallery from the components as they are now, with React as it is in development, which reports faults. @param {string} folder */
async function buildInto(folder) {
  await build({
    configFile: false,
    root: GALLERY,
    logLevel: 'error',
    mode: 'development',
    define: { 'process.env.NODE_ENV': '"development"' },
    resolve: {
      alias: {
        '@': inProject('src'),
        'next/navigation': path.join(GALLERY, 'router.ts'),
      },
    },
    css: { postcss: inProject() },
    build: {
      outDir: folder,
      emptyOutDir: true,
      minify: false,
      chunkSizeWarningLimit: 10_000,
      // A part that is fetched later is there at once: no state has to wait for it.
      rolldownOptions: { output: { codeSplitting: false } },
    },
  });
}

/**
 * @typedef {object} Gallery
 * @property {string} url `http://127.0.0.1:<port>`
 * @property {() => Promise<void>} stop
 */

/**
 * Builds the gallery and serves it on 127.0.0.1: the overview at `/`, one state at `/state.html?name=…&theme=…&words=…`.
 * @param {{ port?: number, watches?: boolean }} [options] `port` a free one unless given; `watches` builds again whenever a source changes
 * @returns {Promise<Gallery>}
 */
export async function startGallery({ port = 0, watches = false } = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), 'mayfly-gallery-'));
  await buildInto(folder);
  /** @type {Set<import('node:http').ServerResponse>} */
  const listeners = new Set();
  const server = createServer((request, response) => {
    answer(request.url ?? '/', response).catch((error) => {
      response.writeHead(error?.code === 'ENOENT' ? 404 : 500).end(String(error?.message ?? error));
    });
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no TCP port.');
  const url = `http://127.0.0.1:${address.port}`;
  const forcedColours = createForcedColours(url);

  /** @param {string} target @param {import('node:http').ServerResponse} response */
  async function answer(target, response) {
    const { pathname, searchParams } = new URL(target, url);
    if (pathname === '/builds') {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' }).write(':\n\n');
      listeners.add(response);
      response.once('close', () => listeners.delete(response));
      return;
    }
    if (pathname === '/forced-colours.png') {
      const picture = await forcedColours.take(searchParams.get('name') ?? '');
      response.writeHead(200, { 'content-type': 'image/png', 'cache-control': 'no-store' }).end(picture);
      return;
    }
    const file = pathname === '/' || pathname === '/state.html' ? '/index.html' : path.posix.normalize(pathname);
    const body = await readFile(path.join(folder, file));
    const type = TYPES[path.extname(file)] ?? 'application/octet-stream';
    response.writeHead(200, { 'content-type': type, 'cache-control': 'no-cache' }).end(body);
  }

  const stopWatching = watches ? watchSources(rebuild) : () => undefined;
  async function rebuild() {
    try {
      await buildInto(folder);
    } catch (error) {
      console.error(error instanceof Error ? error.message : error);
      return;
    }
    forcedColours.forget();
    for (const listener of listeners) listener.write('data: built\n\n');
  }

  return {
    url,
    stop: async () => {
      stopWatching();
      await forcedColours.stop();
      server.close();
      server.closeAllConnections();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Calls `rebuild` after each change, one call after the other. @param {() => Promise<void>} rebuild */
function watchSources(rebuild) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  let last = Promise.resolve();
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      last = last.then(rebuild);
    }, SETTLE_MS);
  };
  const watchers = [inProject('src'), GALLERY].map((folder) => watch(folder, { recursive: true }, changed));
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
