// A module hook that mends one line of postgres.js while it is loaded; registered by run.mjs.
//
// When the server dies between two queries of a transaction, version 3.4.9 writes the second to a
// socket that is gone, from a timer nobody can catch: the whole process ends, and with it the stack
// (https://github.com/porsager/postgres/issues/1208). Here the query fails with CONNECTION_CLOSED,
// which every caller handles. Remove this file when a release has the fix.
const FAULT = "const x = socket.write(chunk, fn)";
const MENDED = `if (socket === null) {
      chunk = nextWriteTimer = null
      error(Errors.connection('CONNECTION_CLOSED', options))
      return false
    }
    ${FAULT}`;

/**
 * Node's `load` hook.
 *
 * @param {string} url - address of the module
 * @param {object} context - Node's context
 * @param {(url: string, context: object) => Promise<{ source?: unknown }>} nextLoad - the next hook
 * @returns the module, mended when it is the one
 */
export async function load(url, context, nextLoad) {
  const loaded = await nextLoad(url, context);
  if (!/\/postgres\/src\/connection\.js(\?|$)/.test(url)) return loaded;
  return { ...loaded, source: String(loaded.source).replace(FAULT, MENDED) };
}
