import type { ExpectedMount } from '../../check/expected-mounts.ts';
import { judgeMount } from '../../check/judge-mount.ts';
import { isWithin } from '../../pod/mount-path.ts';
import type { Check } from '../check.ts';
import type { Facts } from '../facts.ts';
import { fail, notMade } from '../finding.ts';
import type { Finding } from '../finding.ts';
import { valueOf } from '../known.ts';
import type { Link } from '../parse-look.ts';

export const streamLinks: Check = {
  id: 'stream-links',
  group: 'mounts',
  title: 'the links in stream/ lead somewhere',
  run: (facts) => {
    const { subject, links } = facts;
    if (subject.expected === null) return null;
    if (links.state === 'absent') return null;
    if (links.state !== 'known') return notMade(links, 'stream/');
    const { root, links: found, more } = links.value;
    if (root === null) return { looked: `there is no ${subject.expected.mediaPath}/stream`, findings: [] };
    return {
      looked: `${found.length}${more ? '+' : ''} links in ${root}`,
      findings: groupByMount(found, subject.expected.mounts).flatMap((group) => judge(group, facts)),
    };
  },
};

interface LinkGroup {
  readonly mount: ExpectedMount | null;
  readonly links: readonly Link[];
}

function groupByMount(links: readonly Link[], mounts: readonly ExpectedMount[]): LinkGroup[] {
  const of = (link: Link): ExpectedMount | null =>
    mounts.find(({ point }) => isWithin(resolveTarget(link), point)) ?? null;
  return [...mounts, null].map((mount) => ({ mount, links: links.filter((link) => of(link) === mount) }));
}

function judge({ mount, links }: LinkGroup, facts: Facts): Finding[] {
  const state = mount === null ? null : brokenMount(mount, facts);
  const broken = links.filter((link) => link.broken === true || (link.broken === null && state !== null));
  const [example] = broken;
  if (example === undefined) return [];
  const found = `${broken.length} of ${links.length} links lead nowhere, e.g. ${example.path} -> ${example.target}`;
  if (mount === null)
    return [
      fail({
        code: 'link_outside',
        found,
        cause:
          'their targets lie below no mount of this pod: they were made by an app with another media path',
        mend: [
          'let the app that made them use the same media path in every pod (media.path), and make them anew',
        ],
        symptom: 'broken_symlinks',
      }),
    ];
  return [
    state === null
      ? fail({
          code: 'link_target_gone',
          found,
          cause: `${mount.point} is mounted, and the files are not in it: removed from the remote, or renamed`,
          mend: [
            `look for them in ${mount.point}; then let the app that made the links repair or remove them`,
          ],
          symptom: 'broken_symlinks',
        })
      : fail({
          code: 'link_target_unmounted',
          found,
          cause: `their target ${mount.point} is missing: ${state}`,
          mend: [
            `mend the mount of ${mount.remote} first (see the findings on it); the links then lead again`,
          ],
          symptom: 'broken_symlinks',
        }),
  ];
}

/** Why the mount cannot be read; null where it can, or where it is not known. */
function brokenMount(mount: ExpectedMount, { subject, mounts }: Facts): string | null {
  const { expected } = subject;
  const index = expected?.mounts.indexOf(mount) ?? -1;
  const evidence = valueOf(mounts)?.[index];
  if (expected === null || evidence === undefined) return null;
  const { status, message } = judgeMount(mount, expected, evidence, { minEntries: 0, maxCount: 1000 });
  return status === 'fail' ? message : null;
}

/** Absolute, with `..` resolved as far as text allows: stream/ itself holds no links to folders as a rule. */
function resolveTarget({ path, target }: Link): string {
  const full = target.startsWith('/') ? target : `${path.slice(0, path.lastIndexOf('/'))}/${target}`;
  const parts: string[] = [];
  for (const part of full.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
