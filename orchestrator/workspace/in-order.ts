/** Starts each piece of work when the one before has ended, however it ended. */
export type InOrder = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** One line of work: git's index takes one writer at a time. */
export function createInOrder(): InOrder {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work, work);
    last = next.catch(() => {});
    return next;
  };
}
