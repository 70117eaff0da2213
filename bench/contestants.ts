// The servers that are compared, and how each is started.
import { PLACEHOLDER_UID } from './numbered-request.ts';

export type ContestantName = 'floor-node' | 'floor-fastify' | 'media-stack';

export interface Contestant {
  readonly name: ContestantName;
  /** For people. */
  readonly title: string;
  /** What comes after `node`; paths are relative to the repository. */
  readonly args: (files: ServerFiles) => readonly string[];
  /** It writes a line about each admission and counts each in its metrics; a run proves that it did. */
  readonly isObserved: boolean;
}

export interface ServerFiles {
  /** Holds tls.crt and tls.key, as a mounted Secret does. */
  readonly certificateFolder: string;
  /** The answer that a floor gives. */
  readonly answerFile: string;
  readonly metricsPort: number;
}

const floorArgs =
  (script: string) =>
  ({ certificateFolder, answerFile }: ServerFiles): readonly string[] => [
    script,
    `${certificateFolder}/tls.crt`,
    `${certificateFolder}/tls.key`,
    answerFile,
    PLACEHOLDER_UID,
  ];

/** This project's server: as in production, but on loopback, on any free port, and without the wait before its end. */
export const MEDIA_STACK: Contestant = {
  name: 'media-stack',
  title: 'media-stack',
  args: ({ certificateFolder, metricsPort }) => [
    'src/cli/main.ts',
    'serve',
    '--settings=bench/inputs/settings.yaml',
    `--cert-dir=${certificateFolder}`,
    '--host=127.0.0.1',
    '--port=0',
    `--metrics-port=${metricsPort}`,
    '--drain-delay=0',
  ],
  isObserved: true,
};

/** In the order of the report. */
export const CONTESTANTS: readonly Contestant[] = [
  {
    name: 'floor-node',
    title: 'bare node:https',
    args: floorArgs('bench/floor-node.ts'),
    isObserved: false,
  },
  {
    name: 'floor-fastify',
    title: 'bare Fastify',
    args: floorArgs('bench/floor-fastify.ts'),
    isObserved: false,
  },
  MEDIA_STACK,
];
