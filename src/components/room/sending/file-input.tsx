import type { RefObject } from 'react';

interface FileInputProps {
  ref: RefObject<HTMLInputElement | null>;
  multiple?: boolean;
  onChoose: (files: readonly File[]) => void;
}

/** The browser’s own choice of files, behind a button of ours. */
export function FileInput({ ref, multiple = false, onChoose }: FileInputProps) {
  return (
    <input
      ref={ref}
      type="file"
      multiple={multiple}
      hidden
      onChange={({ target }) => {
        const chosen = Array.from(target.files ?? []);
        // The same file may be chosen again.
        target.value = '';
        onChoose(chosen);
      }}
    />
  );
}
