import { createServer } from "node:net";

/**
 * Asks the operating system for a free TCP port on loopback. Another program may take it before
 * the caller binds it, so callers try again when binding fails.
 *
 * @returns the port number
 */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === "object") resolve(address.port);
        else reject(new Error("The system gave no port."));
      });
    });
  });
}
