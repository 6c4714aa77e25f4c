import { useTranslations } from 'next-intl';
import { Spinner } from '@/components/ui/spinner';

/** Six bytes as words to compare aloud, each with its emoji; null while they are on their way. */
export function PhraseWords({ bytes }: { bytes: Uint8Array | null }) {
  const t = useTranslations('phrase');
  if (bytes === null) return <Spinner className="mt-3 size-6" />;
  const entries = t('words').split(',');
  return (
    <ol className="mt-2 grid grid-cols-2 gap-2 sm:grid-cols-3">
      {Array.from(bytes, (byte, index) => {
        const [picture, ...name] = entries[byte]?.split(' ') ?? [];
        return (
          <li key={index} className="rounded-xl bg-sunken px-3 py-2.5 text-center font-medium">
            <span aria-hidden="true" className="block text-2xl leading-tight">
              {picture}
            </span>
            {name.join(' ')}
          </li>
        );
      })}
    </ol>
  );
}
