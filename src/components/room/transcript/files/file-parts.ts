/** What shows files; fetched together, once the page stands. */
export { FileContent } from './file-content';
export { PictureViewer } from './picture-viewer';
