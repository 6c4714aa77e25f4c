import type { NextConfig } from 'next';
import createNextIntlPlugin from 'next-intl/plugin';

const header = (key: string, value: string) => ({ key, value });

/** Headers of every response. The policy of pages is not among them: it has a nonce and comes from proxy.ts. */
const EVERYWHERE = [
  header('Referrer-Policy', 'no-referrer'),
  header('X-Content-Type-Options', 'nosniff'),
  header('Cross-Origin-Opener-Policy', 'same-origin'),
  header('Cross-Origin-Resource-Policy', 'same-origin'),
  header('X-Frame-Options', 'DENY'),
  header(
    'Permissions-Policy',
    'camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=(), display-capture=()',
  ),
];

/** The part of webpack's configuration that is changed here. */
interface ClientChunks {
  optimization: { splitChunks: { cacheGroups: Record<string, object> } | false };
}

/**
 * One chunk each for code that is too small for webpack to share, so the layout, the error screen and each page would have
 * a copy: the library of words (3 kB gzipped), and the parts of a screen (2 kB).
 */
const SHARED = {
  words: /node_modules[\\/](?:use-intl|next-intl|@formatjs)[\\/]/,
  screen:
    /src[\\/]components[\\/](?:ui[\\/](?:button|focused-heading|icon|spinner)|site[\\/](?:front-link|plain-screen))\.tsx$/,
};

function shareChunks(webpack: ClientChunks, { isServer }: { isServer: boolean }): ClientChunks {
  const { splitChunks } = webpack.optimization;
  // Development does not split.
  if (isServer || splitChunks === false) return webpack;
  for (const [name, test] of Object.entries(SHARED)) splitChunks.cacheGroups[name] = { test, name, enforce: true };
  return webpack;
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
  webpack: shareChunks,
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
        headers: [header('Cache-Control', 'no-store'), header('X-Robots-Tag', 'noindex, nofollow')],
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
