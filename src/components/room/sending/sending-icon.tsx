import { Drawing } from '@/components/ui/icon';

/** Drawn like those of `ui/icon`, and fetched with what sends files. */
const PATHS = {
  clip: 'm19.5 11.5-7.6 7.6a4.6 4.6 0 0 1-6.5-6.5l8-8a3.1 3.1 0 0 1 4.4 4.4l-7.7 7.7a1.55 1.55 0 0 1-2.2-2.2l7-7',
  stop: 'M8.5 7h7A1.5 1.5 0 0 1 17 8.5v7a1.5 1.5 0 0 1-1.5 1.5h-7A1.5 1.5 0 0 1 7 15.5v-7A1.5 1.5 0 0 1 8.5 7Z',
} as const;

export function SendingIcon({ name, className = 'size-5' }: { name: keyof typeof PATHS; className?: string }) {
  return <Drawing path={PATHS[name]} className={className} />;
}
