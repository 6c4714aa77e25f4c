import { splitLinks } from '@/lib/links';

/** A text with its http addresses as links, which open in a tab of their own and never reveal where they were pressed. */
export function LinkedText({ text }: { text: string }) {
  return splitLinks(text).map((part, index) =>
    part.isLink ? (
      <a
        key={index}
        href={part.text}
        target="_blank"
        rel="noopener noreferrer"
        dir="ltr"
        className="underline underline-offset-2"
      >
        {part.text}
      </a>
    ) : (
      part.text
    ),
  );
}
