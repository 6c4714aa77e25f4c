import type { MetadataRoute } from 'next';

/** Rooms concern only the people in them. */
export default function robots(): MetadataRoute.Robots {
  return { rules: { userAgent: '*', allow: '/', disallow: ['/room/', '/api/'] } };
}
