import { readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");
const pages = ["docs/modules/testing.md", "docs/modules/orchestration.md", "client/README.md"];

/** The examples of a page, each as a file at the root of the project: their imports are relative to it. */
function examplesOf(page: string): Map<string, string> {
  const text = readFileSync(path.join(root, page), "utf8");
  const name = page.replaceAll(/[/.]/g, "-");
  return new Map(
    [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code], index) => [
      path.join(root, `${name}-${index + 1}.ts`),
      `${code ?? ""}\nexport {};\n`,
    ]),
  );
}

it("X5 every example of the pages compiles against the client that ships", () => {
  const examples = new Map(pages.flatMap((page) => [...examplesOf(page)]));
  expect(examples.size).toBeGreaterThanOrEqual(6);
  const { config } = ts.readConfigFile(path.join(root, "tsconfig.json"), (file) => ts.sys.readFile(file));
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, root);
  const host = ts.createCompilerHost({ ...options, noUnusedLocals: false });
  const { readFile, fileExists, getSourceFile } = host;
  host.readFile = (file) => examples.get(file) ?? readFile(file);
  host.fileExists = (file) => examples.has(file) || fileExists(file);
  host.getSourceFile = (file, ...rest) => {
    const text = examples.get(file);
    return text === undefined ? getSourceFile(file, ...rest) : ts.createSourceFile(file, text, ts.ScriptTarget.ES2023);
  };
  const program = ts.createProgram([...examples.keys()], { ...options, noUnusedLocals: false }, host);
  const faults = [...examples.keys()].flatMap((file) => {
    const source = program.getSourceFile(file);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  });
  expect(faults.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))).toEqual([]);
});
