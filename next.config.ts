import type { NextConfig } from 'next';
import createNextIntlPlugin from 'next-intl/plugin';

const config: NextConfig = {
  reactCompiler: true,
  // The image of the Dockerfile runs this output; `npm start` runs it too, so that both are one program.
  output: 'standalone',
  poweredByHeader: false,
  // `/api/realtime/` is another address than `/api/realtime`, and the API answers it itself.
  skipTrailingSlashRedirect: true,
  // The pages router resolves `server-only` to its throwing half unless it is compiled with the app.
  transpilePackages: ['server-only'],
  // `next dev` would write an AGENTS.md into the root.
  agentRules: false,
};

export default createNextIntlPlugin('./src/i18n/request.ts')(config);
