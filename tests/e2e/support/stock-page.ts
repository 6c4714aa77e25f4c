import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const ENTRY = fileURLToPath(new URL('./stock-client.tsx', import.meta.url));

/** A page that runs `stock-client.tsx`, with the browser provider of @upstash/realtime as npm has it. */
export async function buildStockPage(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    mode: 'production',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: { write: false, lib: { entry: ENTRY, formats: ['iife'], name: 'stock' } },
  });
  const outputs = (Array.isArray(built) ? built : [built]).flatMap((bundle) =>
    'output' in bundle ? bundle.output : [],
  );
  const code = outputs.map((output) => (output.type === 'chunk' ? output.code : '')).join('');
  // A string that ends the element would end the script.
  return `<!doctype html><meta charset="utf-8"><title>Stock client</title><body></body><script>${code.replaceAll('</script', '<\\/script')}</script>`;
}
