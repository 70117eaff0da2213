import { describe, expect, it } from 'vitest';
import { applyAndCheck } from '../../../src/inject/apply-and-check.ts';
import type { Decision } from '../../../src/inject/decide.ts';
import type { Operation } from '../../../src/pod/json-patch.ts';
import { defaultSettings } from '../../../src/settings/parse-settings.ts';
import { decideOn, labelledPod } from '../../support/labelled-pod.ts';

const input = { settings: defaultSettings() };
const decision = decideOn(labelledPod());
const withPatch = (change: (patch: readonly Operation[]) => Operation[]): Decision => ({
  ...decision,
  patch: structuredClone(change(decision.patch)),
});
const isAt = (path: string) => (operation: Operation) => operation.path === path;

describe('a patch that must not leave', () => {
  it.each<[string, Decision, RegExp]>([
    [
      'one that does not apply',
      withPatch((patch) => [...patch, { op: 'add', path: '/spec/no/such', value: 1 }]),
      /^the patch does not apply: /,
    ],
    // The API server refuses both, whatever the failure policy is (evanphx/json-patch; L 3.2 rule 10).
    [
      'one that adds behind the end of a list',
      withPatch((patch) => [...patch, { op: 'add', path: '/spec/tolerations/7', value: {} }]),
      /^the patch does not apply: /,
    ],
    [
      'one that removes what is not there',
      withPatch((patch) => [...patch, { op: 'remove', path: '/spec/tolerations/7' }]),
      /^the patch does not apply: /,
    ],
    [
      'one that adds a container twice',
      withPatch((patch) => {
        const list = patch.find(isAt('/spec/initContainers')) as { value: unknown[] };
        return [...patch, { op: 'add', path: '/spec/initContainers/-', value: list.value[0] }];
      }),
      /^container init-dirs stands there 2 times$/,
    ],
    [
      'one that adds a volume twice',
      withPatch((patch) => [
        ...patch,
        { op: 'add', path: '/spec/volumes/-', value: { name: 'rclone-config', emptyDir: {} } },
      ]),
      /^volume rclone-config stands there 2 times$/,
    ],
    [
      'one that forgets a volume',
      withPatch((patch) => patch.filter((operation) => operation.path !== '/spec/volumes/-')),
      /^volume rclone-zurg-config stands there 0 times$/,
    ],
    [
      'one that forgets the containers',
      withPatch((patch) => patch.filter((operation) => operation.path !== '/spec/initContainers')),
      /^container init-dirs stands there 0 times$/,
    ],
    [
      'one that forgets the propagation',
      withPatch((patch) => patch.filter((operation) => !operation.path.endsWith('/mountPropagation'))),
      /^the patched pod is not complete: injected$/,
    ],
  ])('%s', (_name, wrong, reason) => {
    const applied = applyAndCheck(labelledPod({ tolerations: [] }), wrong, input);
    expect(applied.ok ? 'it left' : applied.reason).toMatch(reason);
  });

  it('is none of the engine’s own', () => {
    expect(applyAndCheck(labelledPod(), decision, input).ok).toBe(true);
  });
});
