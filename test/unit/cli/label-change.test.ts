import { expect, it } from 'vitest';
import { findLabelChange } from '../../../src/cli/label-change.ts';

const owns = (label: string) => ({ 'f:metadata': { 'f:labels': { [`f:${label}`]: {} } } });

it('the oldest owner of a label is who wrote it', () => {
  const managedFields = [
    { manager: 'kubectl-label', time: '2026-01-02T00:00:00Z', fieldsV1: owns('media-stack/cloud-mounts') },
    { manager: 'kubectl-apply', time: '2026-01-01T00:00:00Z', fieldsV1: owns('media-stack/cloud-mounts') },
    { manager: 'other', time: '2025-01-01T00:00:00Z', fieldsV1: owns('app') },
  ];
  expect(findLabelChange({ metadata: { managedFields } }, 'media-stack/cloud-mounts')).toEqual({
    manager: 'kubectl-apply',
    time: '2026-01-01T00:00:00Z',
  });
});

it('nobody wrote it where nobody owns it', () => {
  expect(findLabelChange({ metadata: {} }, 'media-stack/cloud-mounts')).toBeNull();
});
