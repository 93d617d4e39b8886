import { spawnSync } from "node:child_process";
import { isMainThread } from "node:worker_threads";

/** A command ready for `spawn`. */
export interface Command {
  readonly command: string;
  readonly args: string[];
  readonly options: { uid?: number; gid?: number };
}

/** The user nobody, who owns the data when the system allows root no user namespace. */
export const NOBODY = 65534;

const namespace = ["--user", "--map-user=1000", "--map-group=1000", "--"];
let userNamespaces: boolean | undefined;
let parentDeathSignal: boolean | undefined;

/**
 * Makes a command of PostgreSQL, which refuses to run as root, runnable by any user.
 *
 * Root gets a user namespace: the server sees an ordinary uid, files stay root's, no system user
 * is needed and a node_modules below a home of mode 0700 can be read. A uid switch could not.
 *
 * @param program - absolute path of the program
 * @param args - its arguments
 * @param diesWithParent - on Linux, also ask the kernel to stop it (SIGINT, a clean "fast" stop)
 *   when this process ends in whatever way; not from a worker thread, whose end would count
 * @returns what to spawn
 */
export function asUnprivileged(program: string, args: readonly string[], diesWithParent = false): Command {
  let argv = [program, ...args];
  if (diesWithParent && isMainThread && hasParentDeathSignal())
    argv = ["setpriv", "--pdeathsig", "INT", "--", ...argv];
  let options: Command["options"] = {};
  if (process.getuid?.() === 0) {
    if (hasUserNamespaces()) argv = ["unshare", ...namespace, ...argv];
    else options = { uid: NOBODY, gid: NOBODY };
  }
  return { command: argv[0] ?? program, args: argv.slice(1), options };
}

/**
 * Whether files must be handed to nobody because the server will run as nobody.
 *
 * @returns true for root on a system without user namespaces
 */
export function runsAsNobody(): boolean {
  return process.getuid?.() === 0 && !hasUserNamespaces();
}

function hasUserNamespaces(): boolean {
  userNamespaces ??= spawnSync("unshare", [...namespace, "true"]).status === 0;
  return userNamespaces;
}

function hasParentDeathSignal(): boolean {
  parentDeathSignal ??=
    process.platform === "linux" && spawnSync("setpriv", ["--pdeathsig", "INT", "--", "true"]).status === 0;
  return parentDeathSignal;
}
