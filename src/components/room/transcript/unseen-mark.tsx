/** There to be copied: of no size, as what is hidden in any other way is left out of a selection. */
export function UnseenMark({ children }: { children: string }) {
  return (
    <span aria-hidden="true" className="text-[0px] whitespace-normal">
      {children}
    </span>
  );
}
