import { handleApi } from '@/server/api/handle';

// Every method is answered by us: Next's own answer to a missing one would be a bare 405.
export {
  handleApi as DELETE,
  handleApi as GET,
  handleApi as HEAD,
  handleApi as OPTIONS,
  handleApi as PATCH,
  handleApi as POST,
  handleApi as PUT,
};
