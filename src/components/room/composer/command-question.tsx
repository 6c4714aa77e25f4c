'use client';

import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';

interface CommandQuestionProps {
  draft: string;
  onSend: () => void;
  onEdit: () => void;
}

/** Above the field: what looks like a command and is none may be meant as a message. The field keeps the focus, and Enter sends it. */
export function CommandQuestion({ draft, onSend, onEdit }: CommandQuestionProps) {
  const t = useTranslations('composer');
  const command = draft.trim().split(/\s/, 1)[0] ?? '';
  return (
    <div className="mb-1 flex animate-appear flex-wrap items-center justify-end gap-x-1 ps-4">
      <p role="alert" className="min-w-0 flex-1 basis-56 py-2 text-sm wrap-anywhere">
        {t('unknownCommand', { command: `\u2068${command}\u2069` })}
      </p>
      <div className="flex" onPointerDown={(event) => event.preventDefault()}>
        <Button tone="quiet" onClick={onEdit}>
          {t('editCommand')}
        </Button>
        <Button tone="quiet" className="!text-accent" onClick={onSend}>
          {t('sendCommand')}
        </Button>
      </div>
    </div>
  );
}
