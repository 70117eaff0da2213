import { expect, it } from 'vitest';
import { renderPointer } from '../../../src/pod/json-pointer.ts';

it.each<[(string | number)[], string]>([
  [[], ''],
  [['spec', 'containers', 0, 'volumeMounts', '-'], '/spec/containers/0/volumeMounts/-'],
  [['metadata', 'annotations', 'media-stack/status'], '/metadata/annotations/media-stack~1status'],
  [['a~b'], '/a~0b'],
  [['~1'], '/~01'],
  [['/~/'], '/~1~0~1'],
  [['', 'x'], '//x'],
  [['é$&'], '/é$&'],
])('%j is the pointer %j', (segments, pointer) => {
  expect(renderPointer(segments)).toBe(pointer);
});
