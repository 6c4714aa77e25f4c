/** In place of `next/navigation`: a state of the gallery stays where it is, wherever a press would lead. */
const nowhere = {
  push: () => undefined,
  replace: () => undefined,
  refresh: () => undefined,
  back: () => undefined,
  forward: () => undefined,
  prefetch: () => undefined,
};

export const useRouter = () => nowhere;
