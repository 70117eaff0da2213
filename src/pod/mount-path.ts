// Paths inside a container, compared the way the container runtime sees them.

/** Removes doubled and trailing slashes and `.` segments: `/mnt//media/` is `/mnt/media`. `..` is left alone. */
export function cleanPath(path: string): string {
  if (!/\/\/|(^|\/)\.(\/|$)|.\/$/.test(path)) return path;
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
  return (path.startsWith('/') ? '/' : '') + segments.join('/');
}

/** True when `path` is `parent` or lies below it. */
export function isWithin(path: string, parent: string): boolean {
  return path === parent || path.startsWith(parent === '/' ? '/' : `${parent}/`);
}
