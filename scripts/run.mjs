// Runs a TypeScript file of this project: node scripts/run.mjs <entry.ts> [arguments]
//
// The one file that must run before anything is installed: plain JavaScript, no dependencies. It
// checks Node, installs what package-lock.json says when that has changed, then runs the entry in
// this same process, so that signals and exit codes need no passing on.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { register } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const modules = path.join(root, "node_modules");
const stamp = path.join(modules, ".rowhouse-lock");

// A closed terminal or a reader that stops early (`| head`) must not become a crash.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
requireNode();
install();
await runEntry();

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  fail(`Rowhouse needs Node 20.19 or newer; this is ${process.versions.node}.`);
}

function install() {
  const text = readFileSync(path.join(root, "package-lock.json"), "utf8");
  const wanted = createHash("sha256").update(text).digest("hex");
  if (installed() === wanted) return;
  const release = takeLock(wanted);
  if (release === null) return;
  try {
    if (!matchesLock(JSON.parse(text))) {
      console.log("Installing dependencies (npm ci) ...");
      // npm on Windows is a script, which only a shell starts.
      const options = { cwd: root, stdio: "inherit", shell: process.platform === "win32" };
      const { status } = spawnSync("npm", ["ci", "--no-fund", "--no-audit", "--loglevel=error"], options);
      if (status !== 0) fail("npm ci failed; its message is above.");
    }
    writeFileSync(stamp, wanted);
  } finally {
    release();
  }
}

function installed() {
  return existsSync(stamp) ? readFileSync(stamp, "utf8") : "";
}

/** Whether someone ran npm ci by hand: npm notes in node_modules what it installed. */
function matchesLock(lock) {
  const note = path.join(modules, ".package-lock.json");
  if (!existsSync(note)) return false;
  const found = JSON.parse(readFileSync(note, "utf8")).packages;
  return Object.entries(lock.packages).every(([name, { version, optional }]) => {
    if (name === "") return true;
    // Optional packages of other platforms are not installed.
    return found[name] === undefined ? optional === true : found[name].version === version;
  });
}

/** Takes the right to install; null when another process has just installed the same. */
function takeLock(wanted) {
  // Not in node_modules, which npm ci deletes. Making a folder is atomic.
  mkdirSync(path.join(root, ".rowhouse"), { recursive: true, mode: 0o700 });
  const lock = path.join(root, ".rowhouse", "install.lock");
  for (let isFirst = true; ; isFirst = false) {
    try {
      mkdirSync(lock);
      writeFileSync(path.join(lock, "pid"), String(process.pid));
      return () => rmSync(lock, { recursive: true, force: true });
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    if (isAbandoned(lock)) {
      rmSync(lock, { recursive: true, force: true });
      continue;
    }
    if (isFirst) console.log("Another process is installing dependencies; waiting for it ...");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
    if (installed() === wanted) return null;
  }
}

function isAbandoned(lock) {
  try {
    process.kill(Number(readFileSync(path.join(lock, "pid"), "utf8")), 0);
    return false;
  } catch (error) {
    // The folder exists for a moment before the pid is in it; EPERM is another user's process.
    if (error.code === "ENOENT")
      return Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > 5_000;
    return error.code === "ESRCH";
  }
}

async function runEntry() {
  const entry = process.argv[2];
  if (entry === undefined) fail("Usage: node scripts/run.mjs <entry.ts> [arguments]");
  const file = path.resolve(root, entry);
  const tsx = await import("tsx/esm/api");
  tsx.register();
  register("./lib/postgres-js-patch.mjs", import.meta.url);
  // The entry finds its own arguments where every program does.
  process.argv.splice(1, 2, file);
  await import(pathToFileURL(file).href);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
