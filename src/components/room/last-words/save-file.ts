/** Browsers read the file once the download begins, some of them a moment after the press. */
const KEPT_MS = 5_000;

/** Offers a text made in this page as a download: it goes to no server. Returns a function that lets go of it; a while later that happens by itself. */
export function saveFile(name: string, type: string, text: string): () => void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  const release = () => {
    clearTimeout(timer);
    URL.revokeObjectURL(url);
  };
  const timer = setTimeout(release, KEPT_MS);
  return release;
}
