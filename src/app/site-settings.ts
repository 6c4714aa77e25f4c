import type { SiteSettings } from '@/components/lobby/front-screen';

/** What pages show of this process's settings, read for each request: one build serves every site. */
export function siteSettings(): SiteSettings {
  const { PUBLIC_ROOMS, OPERATOR_CONTACT: contact = null, OPERATOR_RULES: rules = null } = process.env;
  return { publicRooms: PUBLIC_ROOMS === 'on', contact, rules };
}
