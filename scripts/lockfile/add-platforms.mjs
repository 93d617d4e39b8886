// Adds to package-lock.json the optional platform packages that the registry did not list when the lock was made.
// Without them `npm ci` refuses the lock ("Missing: @deno/darwin-arm64 from lock file"). Run after every re-lock:
//   npm run lockfile
import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
const systems = { darwin: 'darwin', linux: 'linux', win32: 'win32', windows: 'win32', freebsd: 'freebsd' };
const cpus = ['x64', 'arm64', 'arm', 'ia32', 'ppc64'];
let added = 0;

for (const entry of Object.values(lock.packages)) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`;
    const words = name.split(/[/-]/);
    const os = words.map((word) => systems[word]).find(Boolean);
    const cpu = words.find((word) => cpus.includes(word));
    if (key in lock.packages || !os || !cpu) continue;
    lock.packages[key] = { version: range.replace(/^[~^]/, ''), cpu: [cpu], dev: true, optional: true, os: [os] };
    added += 1;
  }
}

lock.packages = Object.fromEntries(
  Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)),
);
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`package-lock.json: ${added} platform package(s) added.`);
