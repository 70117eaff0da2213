// Names of container images: [HOST[:PORT]/]PATH[:TAG][@DIGEST] (github.com/distribution/reference, regexp.go).

const HOST_PART = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const HOST = `(?:${HOST_PART}(?:\\.${HOST_PART})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const PATH_PART = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const NAME = new RegExp(`^(?:${HOST}/)?${PATH_PART}(?:/${PATH_PART})*$`);
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;
const MAX_NAME = 255;

/** What is wrong with a text as the name of an image, or null: `the tag "1:2" is ...`. */
export function imageFault(image: string): string | null {
  const { name, tag, digest } = splitImage(image);
  if (name.length > MAX_NAME)
    return `its name has ${name.length} characters, at most ${MAX_NAME} are allowed`;
  if (!NAME.test(name)) {
    if (NAME.test(name.toLowerCase())) return 'its path must be in lower case';
    return 'it is not of the form [HOST[:PORT]/]PATH[:TAG][@DIGEST]';
  }
  if (tag !== null && !TAG.test(tag))
    return `its tag ${JSON.stringify(tag)} is none: letters, digits, _ . and -, at most 128`;
  if (digest === null) return null;
  if (!DIGEST.test(digest))
    return `its digest ${JSON.stringify(digest)} is none: sha256:, then 64 hex digits`;
  return digest.startsWith('sha256:') && !/^sha256:[0-9a-f]{64}$/.test(digest)
    ? 'its sha256 digest has not 64 hex digits in lower case'
    : null;
}

/** True for no digest and no tag, or the tag latest: the image can change any day. */
export function isUnpinned(image: string): boolean {
  const { tag, digest } = splitImage(image);
  return digest === null && (tag === null || tag === '' || tag === 'latest');
}

interface ImageParts {
  readonly name: string;
  readonly tag: string | null;
  readonly digest: string | null;
}

function splitImage(image: string): ImageParts {
  const at = image.indexOf('@');
  const digest = at === -1 ? null : image.slice(at + 1);
  const tagged = at === -1 ? image : image.slice(0, at);
  // A colon in front of the last slash belongs to a registry's port.
  const colon = tagged.indexOf(':', tagged.lastIndexOf('/') + 1);
  if (colon === -1) return { name: tagged, tag: null, digest };
  return { name: tagged.slice(0, colon), tag: tagged.slice(colon + 1), digest };
}
