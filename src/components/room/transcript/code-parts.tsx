'use client';

import { useTranslations } from 'next-intl';
import { IconButton } from '@/components/ui/button';
import { useCopy } from '@/components/ui/use-copy';
import { codeTokens, type CodeToken } from '@/lib/code-tokens';

/** Two of the colours that people have: of one lightness, so that they read on this ground in both lights. */
const LOOKS: Record<CodeToken['kind'], { className?: string; 'data-tint'?: number }> = {
  plain: {},
  comment: { className: 'text-soft italic' },
  keyword: { className: 'text-accent' },
  string: { className: 'text-(--tint)', 'data-tint': 4 },
  number: { className: 'text-(--tint)', 'data-tint': 1 },
};

export function ColouredCode({ code, language }: { code: string; language: string }) {
  'use memo';
  return codeTokens(code, language).map(({ kind, text }, index) => (
    <span key={index} {...LOOKS[kind]}>
      {text}
    </span>
  ));
}

export function CopyCode({ code }: { code: string }) {
  const t = useTranslations('transcript');
  const { state, copy } = useCopy(code);
  return (
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
  );
}
