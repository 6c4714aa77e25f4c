import type { ReactNode } from 'react';
import { buttonClass, type ButtonTone } from '@/components/ui/button';

interface FrontLinkProps {
  tone?: ButtonTone;
  /** Shown on the front page: why the person is back. */
  reason?: 'full' | 'locked';
  children: ReactNode;
}

/** Leads to the front page by a new page load, so nothing of a room or of a failure stays in the page's memory. */
export function FrontLink({ tone = 'secondary', reason, children }: FrontLinkProps) {
  return (
    <a href={reason === undefined ? '/' : `/?reason=${reason}`} className={buttonClass(tone)}>
      {children}
    </a>
  );
}
