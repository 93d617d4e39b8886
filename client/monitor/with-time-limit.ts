import { MonitorError } from "./monitor-error.ts";

/**
 * Gives work a signal that fires when its time is over or its caller gives up, and does not wait
 * for work that ignores the signal.
 *
 * @param milliseconds - how long it may take
 * @param stop - the caller's signal
 * @param work - gets the signal
 * @returns what the work returns
 * @throws MonitorError `timed_out`, or the reason of `stop`
 */
export async function withTimeLimit<T>(
  milliseconds: number,
  stop: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const end = new AbortController();
  const giveUp = (): void => end.abort(stop.reason);
  const timer = setTimeout(
    () => end.abort(new MonitorError("timed_out", `No answer in ${milliseconds / 1000} s.`)),
    milliseconds,
  ).unref();
  stop.addEventListener("abort", giveUp, { once: true });
  if (stop.aborted) giveUp();
  try {
    return await new Promise<T>((resolve, reject) => {
      // Before the work's own listener: the reason is told, not how the work died of it.
      end.signal.addEventListener("abort", () => reject(end.signal.reason), { once: true });
      end.signal.throwIfAborted();
      work(end.signal).then(resolve, reject);
    });
  } finally {
    clearTimeout(timer);
    stop.removeEventListener("abort", giveUp);
  }
}
