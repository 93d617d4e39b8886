import { fork } from "node:child_process";
import path from "node:path";
import { ROOT_DIR } from "../lib/throw-away-server.ts";
import { type FromWorker, fromWorkerShape, type ToWorker } from "./messages.ts";

type Answer<K extends FromWorker["kind"]> = Extract<FromWorker, { kind: K }>;

/** One worker process, asked and answering. */
export class WorkerHandle {
  /** Jobs it ran since its start, as far as it has told. */
  ran = 0;
  private failure: Error | undefined;
  private readonly answers: FromWorker[] = [];
  private readonly child = fork(path.join(ROOT_DIR, "scripts/run.mjs"), ["bench/queue/worker-process.ts"], {
    cwd: ROOT_DIR,
  });
  private wake: () => void = () => undefined;

  constructor() {
    this.child.on("message", (raw) => {
      const message = fromWorkerShape.parse(raw);
      if (message.kind === "progress") this.ran = message.ran;
      else if (message.kind === "failed") this.failure = new Error(message.message);
      else this.answers.push(message);
      this.wake();
    });
    this.child.once("exit", (code) => {
      this.failure ??= new Error(`A worker process ended by itself, with ${code}.`);
      this.wake();
    });
  }

  tell(message: ToWorker): void {
    this.child.send(message);
  }

  /**
   * Waits for its next answer.
   *
   * @param kind - the only one that is expected
   */
  async hear<K extends FromWorker["kind"]>(kind: K): Promise<Answer<K>> {
    for (;;) {
      this.check();
      const answer = this.answers.shift();
      if (answer && isA(answer, kind)) return answer;
      if (answer) throw new Error(`A worker process answered ${answer.kind} instead of ${kind}.`);
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  /** @throws Error when it has failed or ended by itself */
  check(): void {
    if (this.failure) throw this.failure;
  }

  /** Lets it close its connections and end; by force after ten seconds. */
  async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    if (this.child.connected) this.tell({ kind: "exit" });
    const timer = setTimeout(() => this.child.kill("SIGKILL"), 10_000);
    await ended;
    clearTimeout(timer);
  }
}

function isA<K extends FromWorker["kind"]>(message: FromWorker, kind: K): message is Answer<K> {
  return message.kind === kind;
}
