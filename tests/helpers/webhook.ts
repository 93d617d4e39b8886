import { createServer } from "node:http";
import { afterAll } from "vitest";
import { z } from "zod";

/** A webhook that answers as told and keeps what it got. */
export interface TestWebhook {
  readonly url: string;
  /** The texts it received, in order. */
  readonly texts: string[];
  /** Statuses of its next answers; 200 when there is none left. */
  readonly answers: number[];
}

/**
 * Starts a webhook on loopback. Stopped after the test file.
 *
 * @returns the webhook
 */
export async function startWebhook(): Promise<TestWebhook> {
  const texts: string[] = [];
  const answers: number[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
      texts.push(z.strictObject({ text: z.string() }).parse(body).text);
      response.writeHead(answers.shift() ?? 200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  afterAll(() => new Promise((resolve) => {
    server.closeAllConnections();
    server.close(resolve);
  }));
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return { url: `http://127.0.0.1:${port}/hook`, texts, answers };
}
