import { valueAt } from '../pod/value-at.ts';
import type { Mender } from './mender.ts';
import { removeField } from './mender.ts';
import { preferInstead } from './prefer.ts';

/** The node that was required is preferred. */
export const mendMs101: Mender = {
  id: 'MS101',
  mend: ({ object, templatePath, path }) => {
    const value = valueAt(object, path);
    if (typeof value !== 'string') return null;
    const requirement = { key: String(path.at(-1)), operator: 'In', values: [value] };
    const preferred = preferInstead(object, [...templatePath, 'spec'], [{ matchExpressions: [requirement] }]);
    return preferred && [...preferred, removeField(object, path)];
  },
};
