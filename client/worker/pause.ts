/** A wait that can be ended from elsewhere. An end while nobody waits is kept for the next one. */
export class Pause {
  #resume: (() => void) | null = null;
  #wasEnded = false;

  /**
   * Waits.
   *
   * @param milliseconds - at most so long
   */
  begin(milliseconds: number): Promise<void> {
    if (this.#wasEnded) {
      this.#wasEnded = false;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.end(), milliseconds);
      this.#resume = () => {
        clearTimeout(timer);
        this.#resume = null;
        resolve();
      };
    });
  }

  /** Ends the wait, or the next one before it begins. */
  end(): void {
    if (this.#resume === null) this.#wasEnded = true;
    else this.#resume();
  }
}
