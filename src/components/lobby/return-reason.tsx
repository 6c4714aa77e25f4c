import { useTranslations } from 'next-intl';
import { Callout } from '@/components/ui/callout';

export const RETURN_REASONS = ['expired', 'destroyed', 'removed', 'full', 'locked', 'not-found', 'left'] as const;
export type ReturnReason = (typeof RETURN_REASONS)[number];

/** Reads from the address why somebody was brought back to the front page; null when it gives no known reason. */
export function parseReturnReason(value: string | string[] | undefined): ReturnReason | null {
  return RETURN_REASONS.find((reason) => reason === value) ?? null;
}

export function ReturnReasonNotice({ reason }: { reason: ReturnReason }) {
  const t = useTranslations('reasons');
  return (
    <div className="mb-8 short:mb-3">
      <Callout icon="clock" role="status">
        <p>{t(reason)}</p>
      </Callout>
    </div>
  );
}
