'use client';

import { useTranslations } from 'next-intl';
import { IconButton } from '@/components/ui/button';
import { useCopy } from '@/components/ui/use-copy';
import { useDeferred } from '@/components/ui/use-deferred';
import { createDeferred } from '@/lib/deferred';
import type { CodeToken } from '@/lib/code-tokens';
import type { CodeBlock as Code } from '@/lib/markup';
import { UnseenMark } from './unseen-mark';

/** Nobody waits for colours, so the part that finds comments, strings and keywords comes with the first code there is. */
const colours = createDeferred(() => import('@/lib/code-tokens'));

/** Two of the colours that people have: of one lightness, so that they read on this ground in both lights. */
const LOOKS: Record<CodeToken['kind'], { className?: string; 'data-tint'?: number }> = {
  plain: {},
  comment: { className: 'text-soft italic' },
  keyword: { className: 'text-accent' },
  string: { className: 'text-(--tint)', 'data-tint': 4 },
  number: { className: 'text-(--tint)', 'data-tint': 1 },
};

/** Code runs from left to right, whatever stands around it, and breaks its lines rather than hide their ends. */
export function CodeBlock({ block: { open, close, code, language } }: { block: Code }) {
  'use memo';
  const t = useTranslations('transcript');
  const { state, copy } = useCopy(code);
  const tokens = useDeferred(colours)?.codeTokens(code, language);
  return (
    <div dir="ltr" className="relative my-1 rounded-xl border border-line bg-canvas text-ink">
      <UnseenMark>{open.text}</UnseenMark>
      <pre className="min-h-11 py-2.5 ps-3 pe-12 font-mono text-[0.8125rem] leading-relaxed wrap-anywhere whitespace-pre-wrap">
        <code>
          {tokens?.map(({ kind, text }, index) => (
            <span key={index} {...LOOKS[kind]}>
              {text}
            </span>
          )) ?? code}
        </code>
      </pre>
      <UnseenMark>{close.text}</UnseenMark>
      <div data-aside="" className="absolute end-0 top-0">
        <IconButton
          data-part=""
          tabIndex={-1}
          icon={state === 'copied' ? 'check' : state === 'failed' ? 'alert' : 'copy'}
          label={t(state === 'copied' ? 'codeCopied' : state === 'failed' ? 'codeNotCopied' : 'copyCode')}
          onClick={copy}
        />
        <span role="status" className="sr-only">
          {state !== 'idle' && t(state === 'copied' ? 'codeCopied' : 'codeNotCopied')}
        </span>
      </div>
    </div>
  );
}
