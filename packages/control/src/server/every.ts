/** Ends a repetition; resolves when the run that may be under way has ended too. */
export type Stop = () => Promise<void>

/** Runs `work`, which must not reject, now and then again each time `everyMs` have passed since it ended. */
export function every(everyMs: number, work: () => Promise<void>): Stop {
  let isStopped = false
  let timer: NodeJS.Timeout | undefined
  const run = async (): Promise<void> => {
    await work()
    if (!isStopped) timer = setTimeout(start, everyMs)
  }
  const start = (): void => {
    current = run()
  }
  let current = run()
  return () => {
    isStopped = true
    clearTimeout(timer)
    return current
  }
}
