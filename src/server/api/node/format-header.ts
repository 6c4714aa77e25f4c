import 'server-only';
import { FORMAT, FORMAT_HEADER } from '@/domain/format';

/** On every response, event streams and refusals included, so that a page from an older build finds out. */
export const FORMAT_HEADERS = { [FORMAT_HEADER]: String(FORMAT) };
