import { valueAt } from '../pod/value-at.ts';
import type { Mender } from './mender.ts';
import { removeField } from './mender.ts';
import { preferInstead } from './prefer.ts';

/** The node that was required is preferred. */
export const mendMs101: Mender = {
  id: 'MS101',
  mend: ({ object, templatePath, path }) => {
    const requirement = {
      key: String(path.at(-1)),
      operator: 'In',
      values: [valueAt(object, path) as string],
    };
    const preference = { matchExpressions: [requirement] };
    return [...preferInstead(object, [...templatePath, 'spec'], [preference]), removeField(object, path)];
  },
};
