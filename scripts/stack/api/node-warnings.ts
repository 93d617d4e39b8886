let isMended = false;

/**
 * Lets `process.emitWarning` take warnings that are errors again, as Node's own does and Node itself
 * gives them (too many listeners, for one). Lite puts a function in its place that takes text only and
 * throws at whoever happened to cause the warning.
 */
export function takeErrorsAsWarnings(): void {
  if (isMended) return;
  isMended = true;
  const emitText = process.emitWarning.bind(process);
  process.emitWarning = (warning: string | Error, ...rest: unknown[]): void => {
    if (warning instanceof Error) emitText(warning.message, { type: warning.name });
    else Reflect.apply(emitText, process, [warning, ...rest]);
  };
}
