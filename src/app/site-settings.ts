import { env, type SiteSettings } from '@/server/env';

/** What pages show of this process's settings, read for each request: one build serves every site. */
export const siteSettings = (): SiteSettings => env().site;
