# syntax=docker/dockerfile:1
FROM node:24-alpine AS build
WORKDIR /app
ENV NEXT_TELEMETRY_DISABLED=1
# The packages come first: they seldom change, so this layer is usually cached.
COPY package.json package-lock.json ./
# No package needs its install script, so none may run one.
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build

FROM node:24-alpine
WORKDIR /app
# Docker puts the container's id into HOSTNAME, which is not an address to listen on.
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 HOSTNAME=0.0.0.0 PORT=3000
# The files belong to root. The server runs as another user, so it cannot change its own code.
COPY --from=build /app/.next/standalone ./
USER node
EXPOSE 3000
# Healthy means that Redis answers, too. The image has no curl, so node makes the request.
HEALTHCHECK --interval=10s --timeout=6s --start-period=10s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/api/health`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "serve.mjs"]
