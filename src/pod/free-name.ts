// Names for what is added to a pod.

/** The first free one of `name`, `media-stack-name`, `media-stack-name-2`...: the same pod always gets the same. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  const base = `media-stack-${name}`.slice(0, 60).replace(/-+$/, '');
  for (let count = 1; ; count += 1) {
    const candidate = count === 1 ? base : `${base}-${count}`;
    if (!taken.has(candidate)) return candidate;
  }
}
