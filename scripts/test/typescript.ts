import { spawn } from "node:child_process";
import path from "node:path";

/**
 * Compiles all TypeScript of the project without writing anything.
 *
 * @param rootDir - folder of tsconfig.json
 * @returns one check, passed or failed; the compiler's messages are printed
 */
export async function checkTypeScript(rootDir: string): Promise<{ passed: number; failed: number }> {
  const compiler = path.join(rootDir, "node_modules", "typescript", "bin", "tsc");
  const child = spawn(process.execPath, [compiler, "-p", rootDir], { cwd: rootDir, stdio: "inherit" });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}
