// Runs under Deno, not Node: serves every edge function of a folder on one port. Started by
// runner.ts; ends when its standard input closes, so that it never outlives the stack.
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";

type Handler = (request: Request, info: object) => Response | Promise<Response>;

/** The part of Deno used here; the rest of the project is checked with Node's types. */
declare const Deno: {
  serve: unknown;
  exit: (code: number) => never;
  args: string[];
  stdin: { readable: ReadableStream<Uint8Array> };
};

/** A loaded function, or why it could not be loaded. */
type LoadedFunction = { handler: Handler } | { failure: string };

const serve = Deno.serve;
if (typeof serve !== "function") throw new Error("This file runs under Deno.");
const functionsDir = Deno.args[0] ?? "supabase/functions";

// What Supabase's runtime offers beside Deno's own globals. Work handed over after the answer just
// runs on, because this process stays; its failure must not end it.
Object.assign(globalThis, {
  EdgeRuntime: {
    waitUntil(work: Promise<unknown>): void {
      Promise.resolve(work).catch((error: unknown) => report("background work failed", error));
    },
  },
});
globalThis.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  report("unhandled rejection", event.reason);
});

const functions = new Map<string, LoadedFunction>();
for (const name of await functionNames()) functions.set(name, await load(name));
Reflect.apply(serve, Deno, [
  { hostname: "127.0.0.1", port: 0, onListen: ({ port }: { port: number }) => announce(port) },
  answer,
]);
// Reads until the parent is gone.
for await (const _ of Deno.stdin.readable);
Deno.exit(0);

async function functionNames(): Promise<string[]> {
  const names: string[] = [];
  for (const entry of await readdir(functionsDir, { withFileTypes: true }).catch(() => [])) {
    if (!entry.isDirectory() || entry.name.startsWith("_") || entry.name.startsWith(".")) continue;
    const hasIndex = await stat(path.join(functionsDir, entry.name, "index.ts")).then(
      () => true,
      () => false,
    );
    if (hasIndex) names.push(entry.name);
  }
  return names.sort();
}

// A function calls Deno.serve when it is imported (or exports `default { fetch }`): its handler is
// kept instead of opening a port.
async function load(name: string): Promise<LoadedFunction> {
  let handler: Handler | undefined;
  const keep = (...args: unknown[]): object => {
    const found = args.find((arg) => typeof arg === "function") ?? handlerIn(args[0]);
    if (typeof found === "function") handler = (...given) => Reflect.apply(found, undefined, given);
    return { finished: new Promise(() => undefined), shutdown: async () => undefined, ref() {}, unref() {} };
  };
  Deno.serve = keep;
  try {
    const module: unknown = await import(pathToFileURL(path.resolve(functionsDir, name, "index.ts")).href);
    if (handler !== undefined) return { handler };
    const exported =
      typeof module === "object" && module !== null && "default" in module ? module.default : undefined;
    const fetch =
      typeof exported === "object" && exported !== null && "fetch" in exported ? exported.fetch : undefined;
    if (typeof fetch === "function")
      return { handler: (request) => Reflect.apply(fetch, exported, [request]) };
    throw new Error("index.ts neither calls Deno.serve nor exports default { fetch }");
  } catch (error) {
    report(`function ${name} cannot be loaded`, error);
    return { failure: `The function ${name} cannot be loaded; the log of the stack says why.` };
  } finally {
    Deno.serve = serve;
  }
}

function handlerIn(options: unknown): unknown {
  return typeof options === "object" && options !== null && "handler" in options
    ? options.handler
    : undefined;
}

async function answer(request: Request, info: object): Promise<Response> {
  const name = new URL(request.url).pathname.split("/")[1] ?? "";
  const loaded = functions.get(name);
  if (loaded === undefined) {
    return json(404, { code: "NOT_FOUND", message: "Requested function was not found" });
  }
  if ("failure" in loaded) return json(500, { error: loaded.failure });
  try {
    return await loaded.handler(request, info);
  } catch (error) {
    report(`function ${name} failed`, error);
    return json(500, { error: "Internal Server Error" });
  }
}

function json(status: number, body: object): Response {
  return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
}

function announce(port: number): void {
  const failed = [...functions].filter(([, loaded]) => "failure" in loaded).map(([name]) => name);
  console.log(JSON.stringify({ port, functions: [...functions.keys()], failed }));
}

function report(what: string, error: unknown): void {
  console.error(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
}
