/** Waiting with an end. */

/** Whether it is done before so many milliseconds have passed. */
export function inTime(done: Promise<unknown>, milliseconds: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds, false);
    void done.then(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
