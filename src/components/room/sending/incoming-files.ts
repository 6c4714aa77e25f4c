type Pasted = Pick<DataTransfer, 'types' | 'files'>;

/** The files of a paste. A table that is copied brings a picture of itself along: whoever pastes that wants its words. */
export function pastedFiles({ types, files }: Pasted): readonly File[] {
  const hasWords = types.includes('text/plain') && types.includes('text/html');
  return hasWords ? [] : Array.from(files);
}

/** Whether files are being dragged, and not words or a link. */
export const hasFiles = (transfer: Pick<DataTransfer, 'types'> | null): boolean =>
  transfer?.types.includes('Files') === true;
