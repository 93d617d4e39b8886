// The local API in a process of its own, so that the measuring client does not take its time. It ends with its
// standard input.
import { startApi } from "../../scripts/stack/api/server.ts";
import { loadSecrets } from "../../scripts/stack/secrets.ts";

const [dbUrl = "", dataDir = ""] = process.argv.slice(2);
const keys = loadSecrets(dataDir);
const api = await startApi({ port: 0, dbUrl, keys, functionsHost: () => null, log: (line) => console.error(line) });
console.log(JSON.stringify({ url: api.url, key: keys.publishable_key }));
process.stdin.resume();
process.stdin.once("end", () => void api.stop().then(() => process.exit(0)));
