// What became of hand-written mounts, for people: a row for each workload, then what is kept and all that is not as before.
import { ANNOTATION_PREFIX } from '../../intent/annotations.ts';
import { renderDifference } from '../../migrate/difference.ts';
import type { MigratedWorkload } from '../migrate-manifest.ts';
import type { Paint } from './style.ts';
import { renderTable } from './table.ts';

/** The account of a run; workloads without hand-written mounts are only counted. */
export function renderMigrations(workloads: readonly MigratedWorkload[], paint: Paint): string {
  const shown = workloads.filter(isOfInterest);
  const rows = shown.map((each) => [
    nameOf(each),
    outcomeOf(each),
    String(linesOf.kept(each).length),
    String(linesOf.differences(each).length),
    isWritten(each) ? `${each.findings.before} -> ${each.findings.after}` : String(each.findings.before),
  ]);
  const group = (title: string, lines: (each: MigratedWorkload) => string[]) =>
    renderGroup(paint('bold', title), lines, shown);
  return [
    renderTable(['WORKLOAD', 'OUTCOME', 'KEPT AS ANNOTATION', 'NOT KEPT', 'FINDINGS OF LINT'], rows),
    group('Kept as annotation:', linesOf.kept),
    group('Not kept:', linesOf.differences),
    group('Not replaced:', linesOf.left),
    group('Not migrated, because the pod would not run as before:', linesOf.broken),
    group('Nothing to do:', linesOf.nothing),
    group('Now that the label is on it, the webhook refuses it:', linesOf.denials),
    shown.length === workloads.length
      ? ''
      : `${workloads.length - shown.length} of ${workloads.length} workloads have no hand-written mounts.\n`,
  ].join('');
}

/** In a word or two. */
export function outcomeOf({ migration, patch, problems }: MigratedWorkload): string {
  switch (migration.outcome) {
    case 'nothing':
      return 'nothing to do';
    case 'left':
      return 'left as it is';
    case 'refused':
      return 'refused';
    case 'unequal':
      return 'not migrated';
    case 'migrated':
      if (patch.length === 0 && problems.length > 0) return 'cannot be edited';
      return migration.left.length > 0 ? 'migrated in part' : 'migrated';
  }
}

function isOfInterest({ migration }: MigratedWorkload): boolean {
  return migration.outcome !== 'nothing' || migration.hasMounts;
}

function isWritten({ patch }: MigratedWorkload): boolean {
  return patch.length > 0;
}

function nameOf({ workload, file }: MigratedWorkload): string {
  const name = `${workload.kind}/${workload.name}`;
  return file === 'stdin' ? name : `${file}: ${name}`;
}

type Lines = (each: MigratedWorkload) => string[];

const linesOf: Readonly<Record<'kept' | 'differences' | 'left' | 'broken' | 'nothing' | 'denials', Lines>> = {
  kept: (each) =>
    each.migration.outcome !== 'migrated' || !isWritten(each)
      ? []
      : each.migration.kept.map(
          ({ name, value, isDefault }) =>
            `${ANNOTATION_PREFIX}${name}: ${JSON.stringify(value)}${isDefault ? " (nobody wrote it: rclone's default)" : ''}`,
        ),
  differences: (each) =>
    each.migration.outcome !== 'migrated' || !isWritten(each)
      ? []
      : each.migration.differences.map(renderDifference),
  left: ({ migration }) => {
    if (migration.outcome === 'nothing' || migration.outcome === 'refused') return [];
    const inits = migration.outcome === 'migrated' ? migration.leftInits : [];
    return [...migration.left, ...inits].map(({ name, why, mend }) => `${name}: ${why}\n    mend: ${mend}`);
  },
  broken: ({ migration }) => (migration.outcome === 'unequal' ? migration.broken.map(renderDifference) : []),
  nothing: ({ migration }) => (migration.outcome === 'nothing' ? [migration.why] : []),
  denials: ({ denials }) =>
    denials.map(({ code, path, message, hint }) => `${code} ${path}: ${message}\n    mend: ${hint}`),
};

/** Each line once, with the workloads that it is about where there are several. */
function renderGroup(title: string, lines: Lines, workloads: readonly MigratedWorkload[]): string {
  const groups = new Map<string, MigratedWorkload[]>();
  for (const each of workloads)
    for (const text of lines(each)) groups.set(text, [...(groups.get(text) ?? []), each]);
  if (groups.size === 0) return '';
  const migrated = workloads.filter(isWritten);
  const blocks = [...groups].map(([text, found]) => {
    if (workloads.length === 1) return `  ${text}\n`;
    const isForAll = found.length > 1 && found.length === migrated.length && found.every(isWritten);
    const names = isForAll
      ? `all ${found.length} that are migrated`
      : shortNames(found, workloads).join(', ');
    return `  ${text}\n    in ${names}\n`;
  });
  return `${title}\n${blocks.join('')}`;
}

/** The bare name, and the file where two workloads have the same. */
function shortNames(found: readonly MigratedWorkload[], all: readonly MigratedWorkload[]): string[] {
  return found.map((each) => {
    const { name } = each.workload;
    const isUnique = all.filter(({ workload }) => workload.name === name).length === 1;
    return isUnique ? name : `${name} (${each.file})`;
  });
}
