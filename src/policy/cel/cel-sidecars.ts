// MS302: the final state of a pod, also while the webhook is down.
import { INIT_DIRS_SCRIPT_NAME } from '../../intent/mount-sidecar.ts';
import { relativeMountPoint } from '../../settings/remote-mount.ts';
import { ms302 } from '../ms302-missing-sidecar.ts';
import { celList, celString } from './cel-rule.ts';
import type { CelRule } from './cel-rule.ts';
import { runsRclone } from './cel-variables.ts';

export const celMs302: CelRule = {
  rule: ms302,
  origins: ['pod'],
  validations: ({ spec, settings }) => {
    // By its name. What mounts by rclone under another name is taken for the sidecar of each remote whose directory its
    // words name: CEL cannot read a command as the rule does, and lets it pass. Our own init-dirs mounts nothing.
    const known = celList(settings.remotes.map(({ name }) => `rclone-${name}`));
    const points = settings.remotes.map(
      (remote) =>
        `${celString(remote.name)}: ${celString(relativeMountPoint(remote, settings.media.path) ?? remote.name)}`,
    );
    const names = (words: string) =>
      `(has(${words}) && ${words}.exists(w, w.contains({${points.join(', ')}}[r])))`;
    const isInitDirs = (c: string) =>
      `has(${c}.command) && ${c}.command.exists(w, w == ${celString(INIT_DIRS_SCRIPT_NAME)})`;
    const mounts = (c: string) =>
      `(${c}.name == "rclone-" + r || (!(${c}.name in ${known}) && !(${isInitDirs(c)}) && ${runsRclone(c)} && (${names(`${c}.args`)} || ${names(`${c}.command`)})))`;
    const works = (c: string) => `${mounts(c)} && has(${c}.restartPolicy) && ${c}.restartPolicy == "Always"`;
    const isMissing = `!${spec}.containers.exists(c, ${mounts('c')}) && !variables.inits.exists(c, ${works('c')})`;
    const stripped = `variables.inits.exists(c, ${isInitDirs('c')} && has(c.args) && c.args.size() > 0 && c.args[0] == "stay" && !(has(c.restartPolicy) && c.restartPolicy == "Always"))`;
    return [
      {
        expression: `variables.apps.size() == 0 || !variables.remotes.exists(r, ${isMissing})`,
        message: `"no working sidecar mounts the remote " + variables.remotes.filter(r, ${isMissing})[0] + ". Create the pod again while the webhook of media-stack runs; without this remote: media-stack/remotes."`,
      },
      {
        expression: `variables.apps.size() == 0 || !${stripped}`,
        message:
          '"init-dirs has lost its restartPolicy: Always, and the pod would wait for its end for ever. Another webhook has stripped the field: update that one."',
      },
    ];
  },
};
