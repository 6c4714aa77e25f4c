import type { ReactNode } from 'react';
import { buttonClass, type ButtonTone } from '@/components/ui/button';

interface FrontLinkProps {
  tone?: ButtonTone;
  /** Why one comes back, told there. */
  reason?: 'full' | 'locked';
  children: ReactNode;
}

/** Leads to the front page as a new page load: nothing of a room, nor of what broke, stays in the page's memory. */
export function FrontLink({ tone = 'secondary', reason, children }: FrontLinkProps) {
  return (
    <a href={reason === undefined ? '/' : `/?reason=${reason}`} className={buttonClass(tone)}>
      {children}
    </a>
  );
}
