'use client';

import { useRef, type ReactNode } from 'react';
import { Callout } from '@/components/ui/callout';
import type { IconName } from '@/components/ui/icon';

interface SteeringCardProps {
  icon: IconName;
  title: string;
  children?: ReactNode;
  /** Gets what is to be called as an answer is given: the card goes with it, and the focus goes on to the composer. */
  answers?: ((answered: () => void) => ReactNode) | undefined;
  onDone: () => void;
}

/** Something to decide together, calmly above the composer. */
export function SteeringCard({ icon, title, children, answers, onDone }: SteeringCardProps) {
  const card = useRef<HTMLDivElement>(null);
  return (
    <div ref={card} className="mx-auto w-full max-w-3xl px-4 pt-2">
      <Callout icon={icon} title={title}>
        {children}
        {answers !== undefined && (
          <div
            className="mt-2 flex flex-wrap gap-2"
            // Somebody who is writing goes on writing.
            onPointerDown={(event) => event.preventDefault()}
          >
            {answers(() => {
              if (card.current?.contains(document.activeElement) === true) onDone();
            })}
          </div>
        )}
      </Callout>
    </div>
  );
}
