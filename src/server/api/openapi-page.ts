import 'server-only';
import { createHash } from 'node:crypto';
import * as z from 'zod/mini';

/** The part of an OpenAPI document that the page shows. */
const documentSchema = z.object({
  info: z.object({ title: z.string(), version: z.string() }),
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        summary: z.optional(z.string()),
        description: z.optional(z.string()),
        parameters: z.optional(
          z.array(
            z.object({ name: z.string(), in: z.string(), required: z.optional(z.boolean()), schema: z.unknown() }),
          ),
        ),
        requestBody: z.optional(z.unknown()),
        responses: z.optional(z.record(z.string(), z.unknown())),
      }),
    ),
  ),
});
type Operation = z.infer<typeof documentSchema>['paths'][string][string];

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 56rem; margin: 0 auto; padding: 2rem 1rem; }
details { border-top: 1px solid color-mix(in srgb, currentColor 25%, transparent); }
summary { display: flex; flex-wrap: wrap; gap: 0 1rem; padding: .75rem 0; cursor: pointer; }
code, pre { font-family: ui-monospace, monospace; font-size: .875rem; }
pre { overflow-x: auto; padding: .75rem; border: 1px solid color-mix(in srgb, currentColor 25%, transparent); }
`;

/** The page loads nothing: its one style is allowed by its hash, and no script runs. */
export const OPENAPI_PAGE_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256')
  .update(STYLE)
  .digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

function showJson(title: string, value: unknown): string {
  if (value === undefined) return '';
  return `<h3>${title}</h3><pre tabindex="0"><code>${escapeHtml(JSON.stringify(value, null, 2))}</code></pre>`;
}

function showOperation(method: string, path: string, operation: Operation): string {
  const parts = [
    operation.description === undefined ? '' : `<p>${escapeHtml(operation.description)}</p>`,
    showJson('Parameters', operation.parameters),
    showJson('Body', operation.requestBody),
    showJson('Answers', operation.responses),
  ];
  const call = `<code>${method.toUpperCase()} ${escapeHtml(path)}</code>`;
  return `<details><summary>${call} <span>${escapeHtml(operation.summary ?? '')}</span></summary>${parts.join('')}</details>`;
}

/** The OpenAPI document as a page to read, in one piece. */
export function openApiPage(document: unknown): string {
  const { info, paths } = documentSchema.parse(document);
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => showOperation(method, path, operation)),
  );
  const title = `${escapeHtml(info.title)} ${escapeHtml(info.version)}: the HTTP API`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>
<style>${STYLE}</style></head><body><main><h1>${title}</h1>
<p>As a document: <a href="/api/openapi/json">OpenAPI JSON</a>.</p>
${operations.join('\n')}</main></body></html>`;
}
