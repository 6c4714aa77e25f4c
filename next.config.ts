import { existsSync } from 'node:fs';
import path from 'node:path';
import type { NextConfig } from 'next';
import createNextIntlPlugin from 'next-intl/plugin';

const header = (key: string, value: string) => ({ key, value });

/** A message may be spoken in a room and nowhere else; the browser asks when the first one begins. */
const permissions = (microphone: string) =>
  header(
    'Permissions-Policy',
    `camera=(), microphone=${microphone}, geolocation=(), payment=(), usb=(), browsing-topics=(), display-capture=()`,
  );

/** Headers of every response. The policy of pages is not among them: it has a nonce and comes from proxy.ts. */
const EVERYWHERE = [
  header('Referrer-Policy', 'no-referrer'),
  header('X-Content-Type-Options', 'nosniff'),
  header('Cross-Origin-Opener-Policy', 'same-origin'),
  header('Cross-Origin-Resource-Policy', 'same-origin'),
  header('X-Frame-Options', 'DENY'),
  permissions('()'),
];

/** The parts of webpack's configuration that are changed here. */
interface ClientChunks {
  optimization: { splitChunks: { cacheGroups: Record<string, object> } | false };
  plugins: unknown[];
}

/** A request of webpack's; `createData` is empty until it is resolved to a file. */
interface Resolved {
  createData: Partial<Record<'resource' | 'request' | 'userRequest', string>>;
}

interface Webpack {
  NormalModuleReplacementPlugin: new (files: RegExp, replace: (resolved: Resolved) => void) => unknown;
}

/**
 * One chunk each for code that is too small for webpack to share, so the layout, the error screen and each page would have
 * a copy: the library of words (3 kB gzipped), the parts of a screen (2 kB), and what is drawn in several parts of a room (1 kB).
 */
const SHARED = {
  words: /node_modules[\\/](?:use-intl|next-intl|@formatjs)[\\/]/,
  drawings: /src[\\/]components[\\/]room[\\/]room-icons\.ts$/,
  screen:
    /src[\\/]components[\\/](?:ui[\\/](?:button|focused-heading|icon|spinner)|site[\\/](?:front-link|plain-screen))\.tsx$/,
};

/** A part of a page, as webpack sees it. */
interface Chunk {
  name?: string | null;
}

/** What says in which chunks a module would be. */
interface ChunkGraph {
  getModuleChunksIterable: (module: unknown) => Iterable<Chunk>;
}

const ROOM_PAGE = 'app/room/[roomId]/page';

/**
 * One chunk for what the room page begins with and the front page fetches when it is idle: as one it compresses better than as the
 * four that webpack makes of it, and nothing of it is in another chunk again. What the front page itself needs of it is so little that
 * it has a copy.
 */
const CORE = {
  name: 'core',
  test: (module: { resource?: string }, { chunkGraph }: { chunkGraph: ChunkGraph }) =>
    /[\\/](?:src|node_modules[\\/](?:zod|@elysiajs[\\/]eden|idb-keyval))[\\/]/.test(module.resource ?? '') &&
    [...chunkGraph.getModuleChunksIterable(module)].some(({ name }) => name === ROOM_PAGE),
  chunks: ({ name }: Chunk) => name !== 'app/page',
  minChunks: 2,
  // What each page has a part of goes into a chunk of its own.
  priority: -1,
  enforce: true,
};

/** Next's own code for the browser, once as CommonJS modules and once as ES modules. */
const NEXT_IN_BROWSER = /(?<=[\\/]next[\\/]dist[\\/])(?:esm[\\/])?(?=(?:client|lib|server|shared)[\\/].*\.js$)/;

/** The client components that Next's server names to the browser: it looks them up by the paths of the CommonJS modules. */
const NAMED_BY_SERVER =
  /[\\/](?:client-page|client-segment|layout-router|render-from-template-context|boundary-components|icon-mark|http-access-fallback[\\/]error-boundary)\.js$/;

/**
 * Takes Next's ES modules, of which webpack drops what no page uses (13 kB gzipped). The replacement goes both ways, because
 * a module that is there twice has its state twice.
 */
function takeModules({ createData }: Resolved): void {
  const { resource, request, userRequest } = createData;
  if (resource === undefined || request === undefined || userRequest === undefined) return;
  const esModule = resource.replace(NEXT_IN_BROWSER, `esm${path.sep}`);
  const common = resource.replace(NEXT_IN_BROWSER, '');
  const taken = existsSync(esModule) && !NAMED_BY_SERVER.test(common) ? esModule : common;
  createData.resource = taken;
  createData.request = request.replace(resource, taken);
  createData.userRequest = userRequest.replace(resource, taken);
}

/** What the production build does to save bytes in the browser. Development neither splits nor drops code. */
function slim(config: ClientChunks, { isServer, dev, webpack }: { isServer: boolean; dev: boolean; webpack: Webpack }) {
  const { splitChunks } = config.optimization;
  if (isServer || dev || splitChunks === false) return config;
  for (const [name, test] of Object.entries(SHARED)) splitChunks.cacheGroups[name] = { test, name, enforce: true };
  splitChunks.cacheGroups['core'] = CORE;
  config.plugins.push(new webpack.NormalModuleReplacementPlugin(NEXT_IN_BROWSER, takeModules));
  return config;
}

const config: NextConfig = {
  // Compiled code is larger: compiling everything would add 14 kB gzipped to the room page. So the compiler takes only code
  // that says 'use memo', which is the code that renders again for every message, every seat or every second.
  reactCompiler: { compilationMode: 'annotation' },
  // The image of the Dockerfile runs this output, and so does `npm start`, so that both are one program.
  output: 'standalone',
  // If a folder above has a lockfile, Next would take that folder for the root and put `server.js` elsewhere.
  outputFileTracingRoot: import.meta.dirname,
  turbopack: { root: import.meta.dirname },
  poweredByHeader: false,
  // `/api/realtime/` is not the same path as `/api/realtime`, and the API answers it itself.
  skipTrailingSlashRedirect: true,
  // The pages router resolves `server-only` to its throwing half unless it is compiled with the app.
  transpilePackages: ['server-only'],
  // `next dev` would write an AGENTS.md into the root.
  agentRules: false,
  // No page uses Next's image service, which fetches any address that it is given and writes the result to disk.
  images: { unoptimized: true },
  // Requests pass through proxy.ts with their bodies, and it would keep up to 10 MB of each.
  experimental: { proxyClientMaxBodySize: '128kb' },
  webpack: slim,
  headers: () =>
    Promise.resolve([
      { source: '/:path*', headers: EVERYWHERE },
      {
        source: '/:path*',
        has: [{ type: 'header', key: 'x-forwarded-proto', value: 'https' }],
        headers: [header('Strict-Transport-Security', 'max-age=63072000; includeSubDomains')],
      },
      {
        // The page that shows the contract has a policy of its own.
        source: '/api/:path((?!openapi$).*)',
        headers: [
          header('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'"),
          header('X-Robots-Tag', 'noindex'),
        ],
      },
      {
        source: '/room/:path*',
        // The last of several rules for one header holds.
        headers: [
          header('Cache-Control', 'no-store'),
          header('X-Robots-Tag', 'noindex, nofollow'),
          permissions('(self)'),
        ],
      },
    ]),
};

const withWords = createNextIntlPlugin({
  requestConfig: './src/i18n/request.ts',
  // Messages are parsed during the build, so that no browser downloads the parser.
  experimental: {
    messages: { path: './src/i18n', format: 'json', locales: 'infer', sourceLocale: 'en', precompile: true },
  },
});

export default withWords(config);
