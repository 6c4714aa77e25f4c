'use client';

import { useTranslations } from 'next-intl';
import { useId, useState } from 'react';
import { useFailureSentence } from '@/components/site/failure-sentence';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Dialog } from '@/components/ui/dialog';
import { FIELD_CLASS } from '@/components/ui/text-field';
import type { Failure } from '@/domain/failure';
import { REPORT_REASON_CHARACTERS_MAX } from '@/domain/limits';
import { textFault } from '@/domain/text-rules';
import type { RoomSession } from '@/session/room-session';

interface ReportDialogProps {
  session: Pick<RoomSession, 'report'>;
  open: boolean;
  onClose: () => void;
}

/** Reports a room on the front page to whoever runs the site, and says first what that does. */
export function ReportDialog({ session, open, onClose }: ReportDialogProps) {
  const t = useTranslations('reports');
  return (
    <Dialog open={open} onClose={onClose} title={t('heading')} closeLabel={t('close')} placement="sheet">
      <Report session={session} onClose={onClose} />
    </Dialog>
  );
}

type Standing = 'writing' | 'sending' | 'sent' | Failure;

function Report({ session, onClose }: Omit<ReportDialogProps, 'open'>) {
  const t = useTranslations('reports');
  const id = useId();
  const failureSentence = useFailureSentence();
  const [reason, setReason] = useState('');
  const [standing, setStanding] = useState<Standing>('writing');
  const said = reason.trim();
  // Nothing needs to be said.
  const fault = said === '' ? null : textFault(said, REPORT_REASON_CHARACTERS_MAX);

  async function send() {
    if (fault !== null) return;
    setStanding('sending');
    const answer = await session.report(said);
    setStanding(answer.ok ? 'sent' : answer.failure);
  }

  if (standing === 'sent') {
    return (
      <>
        <p role="status" className="text-soft">
          {t('sent')}
        </p>
        <Button autoFocus className="mt-6" onClick={onClose}>
          {t('close')}
        </Button>
      </>
    );
  }
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <p className="text-soft">{t('body')}</p>
      <label htmlFor={id} className="mt-4 mb-1.5 block text-[0.9375rem] font-medium">
        {t('reason')}
      </label>
      <textarea
        id={id}
        rows={3}
        dir="auto"
        value={reason}
        aria-invalid={fault !== null || undefined}
        aria-describedby={fault === null ? undefined : `${id}-fault`}
        onChange={(event) => setReason(event.target.value)}
        className={FIELD_CLASS}
      />
      {fault !== null && (
        <p id={`${id}-fault`} className="mt-1.5 text-sm text-danger">
          {fault === 'too-long' ? t('tooLong', { max: REPORT_REASON_CHARACTERS_MAX }) : t('malformed')}
        </p>
      )}
      {typeof standing === 'object' && (
        <div className="mt-4">
          <Callout tone="danger" icon="alert" role="alert">
            <p>{failureSentence(standing)}</p>
          </Callout>
        </div>
      )}
      <div className="mt-6 flex flex-col gap-3 sm:flex-row">
        <Button type="submit" tone="danger" busy={standing === 'sending'} inert={fault !== null}>
          {t('send')}
        </Button>
        <Button onClick={onClose}>{t('cancel')}</Button>
      </div>
    </form>
  );
}
