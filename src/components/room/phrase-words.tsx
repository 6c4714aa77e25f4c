import { Spinner } from '@/components/ui/spinner';

/** Six words to compare aloud, each an emoji, a space and its name; null while they are on their way. */
export function PhraseWords({ words }: { words: readonly string[] | null }) {
  if (words === null) return <Spinner className="mt-3 size-6" />;
  return (
    <ol className="mt-2 grid grid-cols-2 gap-2 sm:grid-cols-3">
      {words.map((entry, index) => {
        const [picture, ...name] = entry.split(' ');
        return (
          <li key={`${index} ${entry}`} className="rounded-xl bg-sunken px-3 py-2.5 text-center font-medium">
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
