import { createContext, use, type ReactNode } from 'react';
import { parseMarkup, type Block, type Line } from '@/lib/markup';
import type { Inline, Piece } from '@/lib/markup-inline';
import { CodeBlock } from './code-block';
import { UnseenMark } from './unseen-mark';

/** A person who is mentioned, by the name that the message has. */
export interface MentionedName {
  readonly name: string;
  readonly self: boolean;
}

interface MessageTextProps {
  text: string;
  /** Where `@` and one of these stands, the name is marked. */
  names?: readonly MentionedName[] | undefined;
  /** Follows the last words. */
  children?: ReactNode;
}

/** Whether addresses lead anywhere, or are text like any other. */
export const LinksLead = createContext(true);

const NOBODY: readonly MentionedName[] = [];

/**
 * A text with what its author set in it: no HTML anywhere, each sign leads to an element of its own. The signs stay in the page, for whoever
 * copies: the text of all that lies in `data-source` is what was typed (see copy-source.ts).
 */
export function MessageText({ text, names = NOBODY, children }: MessageTextProps) {
  'use memo';
  const blocks = parseMarkup(
    text,
    names.map(({ name }) => name),
  );
  const last = blocks.at(-1)?.kind === 'paragraph' ? blocks.length - 1 : null;
  const after = children && <span data-aside="">{children}</span>;
  return (
    // Marks stacked upon a letter end where the bubble does, and cover no other message.
    <div data-source="" className="overflow-clip [overflow-clip-margin:0.5rem]">
      {blocks.map((block, index) => (
        <BlockView key={index} block={block} names={names}>
          {index === last && after}
        </BlockView>
      ))}
      {last === null && after}
    </div>
  );
}

interface BlockViewProps {
  block: Block;
  names: readonly MentionedName[];
  children: ReactNode;
}

/** The first letter of a block decides in which direction it runs. */
function BlockView({ block, names, children }: BlockViewProps) {
  switch (block.kind) {
    case 'paragraph':
      return (
        <p dir="auto">
          <Lines lines={block.lines} names={names} />
          {children}
        </p>
      );
    case 'quote':
      return (
        <blockquote dir="auto" className="my-0.5 border-s-2 border-edge ps-3 text-soft">
          <Lines lines={block.lines} names={names} />
        </blockquote>
      );
    case 'bullets':
      return (
        <ul dir="auto" className="list-disc ps-6">
          <Items lines={block.lines} names={names} />
        </ul>
      );
    case 'numbers':
      return (
        <ol dir="auto" className="list-decimal ps-8">
          <Items lines={block.lines} names={names} />
        </ol>
      );
    case 'code-block':
      return <CodeBlock block={block} />;
  }
}

interface LinesProps {
  lines: readonly Line[];
  names: readonly MentionedName[];
}

const Items = ({ lines, names }: LinesProps) =>
  lines.map(({ parts, value }, index) => (
    <li key={index} value={value}>
      <Parts parts={parts} names={names} />
    </li>
  ));

const Lines = ({ lines, names }: LinesProps) => <Parts parts={lines.flatMap(({ parts }) => parts)} names={names} />;

function Parts({ parts, names }: { parts: readonly Inline[]; names: readonly MentionedName[] }): ReactNode {
  return parts.map((part, index) =>
    typeof part === 'string' ? (
      part
    ) : part.kind === 'mark' ? (
      <UnseenMark key={index}>{part.text}</UnseenMark>
    ) : (
      <PieceView key={index} piece={part} names={names} />
    ),
  );
}

function PieceView({ piece, names }: { piece: Piece; names: readonly MentionedName[] }) {
  const linksLead = use(LinksLead);
  const content = <Parts parts={piece.parts} names={names} />;
  const [text] = piece.parts.filter((part) => typeof part === 'string');
  switch (piece.kind) {
    case 'bold':
      return <strong className="font-semibold">{content}</strong>;
    case 'italic':
      return <em>{content}</em>;
    case 'strike':
      return <del>{content}</del>;
    case 'code':
      return (
        <code
          dir="ltr"
          className="rounded-md border border-ink/20 px-1 font-mono text-[0.875em] forced-colors:border-[CanvasText]"
        >
          {content}
        </code>
      );
    case 'link':
      return !linksLead ? (
        content
      ) : (
        // It opens in a tab of its own and never reveals where it was pressed.
        <a href={text} target="_blank" rel="noopener noreferrer" dir="ltr" className="underline underline-offset-2">
          {text}
        </a>
      );
    case 'mention':
      return (
        <bdi
          className={`rounded-md font-semibold text-accent ${names.some(({ name, self }) => self && text === `@${name}`) ? 'bg-accent-soft px-1' : ''}`}
        >
          {text}
        </bdi>
      );
  }
}
