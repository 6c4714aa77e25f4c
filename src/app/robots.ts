import type { MetadataRoute } from 'next';

/** Rooms are nobody's business but their guests'. */
export default function robots(): MetadataRoute.Robots {
  return { rules: { userAgent: '*', allow: '/', disallow: ['/room/', '/api/'] } };
}
