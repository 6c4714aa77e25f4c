'use client';

import { useDeferred } from '@/components/ui/use-deferred';
import { createDeferred } from '@/lib/deferred';
import type { CodeBlock as Code } from '@/lib/markup';
import { UnseenMark } from './unseen-mark';

/** Its colours and its button, which come with the first code there is: nobody waits for them. */
const codeParts = createDeferred(() => import('./code-parts'));

/** Code runs from left to right, whatever stands around it, and breaks its lines rather than hide their ends. */
export function CodeBlock({ block: { open, close, code, language } }: { block: Code }) {
  'use memo';
  const parts = useDeferred(codeParts);
  return (
    <div dir="ltr" className="relative my-1 rounded-xl border border-line bg-canvas text-ink">
      <pre className="min-h-11 py-2.5 ps-3 pe-12 font-mono text-[0.8125rem] leading-relaxed wrap-anywhere whitespace-pre-wrap">
        <UnseenMark>{open.text}</UnseenMark>
        <code>{parts === null ? code : <parts.ColouredCode code={code} language={language} />}</code>
        <UnseenMark>{close.text}</UnseenMark>
      </pre>
      {parts !== null && <parts.CopyCode code={code} />}
    </div>
  );
}
