// Names of container images (github.com/distribution/reference, reference.go).

const COMPONENT = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const DOMAIN =
  '(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*(?::\\d+)?/)?';
const REFERENCE = new RegExp(
  `^${DOMAIN}${COMPONENT}(?:/${COMPONENT})*(?::(?<tag>\\w[\\w.-]{0,127}))?(?:@(?<digest>[a-z0-9]+:[a-fA-F0-9]{32,}))?$`,
);

/** Whether it is the name of an image at all, and whether it always is the same image. */
export function readImageReference(text: string): { readonly isPinned: boolean } | null {
  const match = REFERENCE.exec(text);
  if (match === null) return null;
  const { tag, digest } = match.groups ?? {};
  return { isPinned: digest !== undefined || (tag !== undefined && tag !== 'latest') };
}
