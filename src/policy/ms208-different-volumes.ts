import { differentVolumesProblem } from '../intent/volume-clash.ts';
import { parseFieldPath } from '../problem/field-path.ts';
import type { Rule } from './rule.ts';

export const ms208: Rule = {
  id: 'MS208',
  title: 'different volumes at the media path',
  level: 'deny',
  why: 'The sidecars mount into one volume; a container with another one at the media path would see none of it.',
  check: ({ survey, intent }) => {
    if (survey.mediaCandidates.length <= 1) return [];
    const { path, message, hint } = differentVolumesProblem(survey, intent);
    return [{ path: parseFieldPath(path), message, hint }];
  },
};
