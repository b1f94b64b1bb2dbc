/** Something that holds back what it writes until the end of the current turn, so that it leaves in one piece. */
export interface Flushable {
  flush(): void
}

let queue: Flushable[] = []

/** Calls `flush` when the code that is running now has returned to the event loop. One microtask serves all callers. */
export function flushSoon(target: Flushable): void {
  if (queue.push(target) === 1) queueMicrotask(flushAll)
}

function flushAll(): void {
  const due = queue
  queue = []
  for (const target of due) target.flush()
}
