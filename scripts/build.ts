// Bundles the command line with everything it needs into one file, for the image and for machines without node_modules.
import { chmod } from 'node:fs/promises';
import { build } from 'esbuild';

// CommonJS dependencies call require, which an ES module does not have.
const REQUIRE = `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);`;

const outfile = 'dist/media-stack.mjs';
await build({
  entryPoints: ['src/cli/main.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node22',
  minify: true,
  sourcemap: false,
  legalComments: 'linked',
  banner: { js: REQUIRE },
  logLevel: 'warning',
});
await chmod(outfile, 0o755);
process.stdout.write(`${outfile}\n`);
