import { describe, expect, it } from 'vitest';
import { imageFault, isUnpinned } from '../../../src/pod/image-reference.ts';

const SHA = 'a'.repeat(64);

describe('imageFault', () => {
  it.each([
    'nginx',
    'nginx:1.29',
    'linuxserver/sonarr:4.0.15',
    'lscr.io/linuxserver/sonarr:latest',
    'localhost:5000/a/b__c-d.e:V1_2',
    '[fd00::1]:5000/app:1',
    'Registry.Example.com/app:1',
    `ghcr.io/me/app@sha256:${SHA}`,
    `ghcr.io/me/app:1@sha256:${SHA}`,
  ])('takes %s', (image) => {
    expect(imageFault(image)).toBeNull();
  });

  const FORM = 'it is not of the form [HOST[:PORT]/]PATH[:TAG][@DIGEST]';
  it.each([
    ['', FORM],
    ['https://lscr.io/app', FORM],
    ['app name:1', FORM],
    ['/app', FORM],
    ['me/app/', FORM],
    ['me//app', FORM],
    ['-app', FORM],
    ['me/Sonarr:1', 'its path must be in lower case'],
    ['app:', 'its tag "" is none: letters, digits, _ . and -, at most 128'],
    ['app:1:2', 'its tag "1:2" is none: letters, digits, _ . and -, at most 128'],
    ['app:.1', 'its tag ".1" is none: letters, digits, _ . and -, at most 128'],
    ['app@sha256:abc', 'its digest "sha256:abc" is none: sha256:, then 64 hex digits'],
    [`app@sha256:${SHA}a`, 'its sha256 digest has not 64 hex digits in lower case'],
    [`app@sha256:${SHA.toUpperCase()}`, 'its sha256 digest has not 64 hex digits in lower case'],
    ['a'.repeat(256), 'its name has 256 characters, at most 255 are allowed'],
  ])('refuses %s', (image, fault) => {
    expect(imageFault(image)).toBe(fault);
  });
});

describe('isUnpinned', () => {
  it.each([
    ['app', true],
    ['app:latest', true],
    ['host:5000/app', true],
    ['host:5000/app:latest', true],
    ['host:5000/app:1', false],
    ['app:1', false],
    [`app@sha256:${SHA}`, false],
    [`app:latest@sha256:${SHA}`, false],
  ])('of %s is %s', (image, unpinned) => {
    expect(isUnpinned(image)).toBe(unpinned);
  });
});
