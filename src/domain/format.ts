/**
 * What server and page mean by what they say to each other. Raise it when a page that was loaded before the change would
 * misread, or write wrongly, what the server or newer pages send: a page that hears a higher number than its own asks to be
 * loaded again and sends nothing more.
 * 4: files. In a plain room an older page shows the caption of one as if it were all that was said, and one without as a text that
 * cannot be opened.
 */
export const FORMAT = 4;

/** Every response of the API and of the event stream carries the number in this header. */
export const FORMAT_HEADER = 'Mayfly-Format';

/** Whether a header's value says that the server is newer than this page. */
export function isNewerFormat(value: string | null): boolean {
  // A header that something in between has changed says nothing.
  return value !== null && /^\d{1,9}$/.test(value) && Number(value) > FORMAT;
}
