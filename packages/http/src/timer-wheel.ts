const SLOTS = 512

/** One deadline that can be set again and again at the price of a few assignments. */
export class WheelTimer {
  /** Internal to the wheel. */
  deadline = Number.POSITIVE_INFINITY
  /** Internal to the wheel: the tick at which the wheel looks at this timer next; -1 outside of the wheel. */
  tick = -1
  /** Internal to the wheel. */
  next: WheelTimer | undefined = undefined
  /** Internal to the wheel. */
  previous: WheelTimer | undefined = undefined
  /** Internal to the wheel. */
  expire: () => void
  private readonly wheel: Wheel

  constructor(wheel: Wheel, expire: () => void) {
    this.wheel = wheel
    this.expire = expire
  }

  /** Expires once, `delayMs` from now and at most one tick later. Replaces an earlier deadline. */
  set(delayMs: number): void {
    this.deadline = performance.now() + delayMs
    this.wheel.place(this)
  }

  /** Does not expire any more, until it is set again. */
  clear(): void {
    this.deadline = Number.POSITIVE_INFINITY
  }

  /** Takes it out of the wheel at once; for when its owner goes away. */
  dispose(): void {
    this.clear()
    this.wheel.remove(this)
  }
}

/** Many timers behind one. */
export interface TimerWheel {
  /** A timer that calls `expire` when it is due; not set yet. */
  timer(expire: () => void): WheelTimer
  /** Timers that the wheel holds; cleared ones leave when their slot comes round. */
  readonly size: number
  /** Forgets every timer. */
  close(): void
}

/**
 * A hashed timing wheel (Varghese and Lauck, 1987): setting and clearing a timer costs nanoseconds, whatever their number,
 * at the price of precision. Timers never expire early, and at most about `tickMs` (default 25) late. It keeps neither a
 * timer of the process while it is empty nor the process alive.
 */
export function createTimerWheel(options: { readonly tickMs?: number } = {}): TimerWheel {
  return new Wheel(options.tickMs ?? 25)
}

class Wheel implements TimerWheel {
  size = 0
  private readonly slots: (WheelTimer | undefined)[] = new Array<WheelTimer | undefined>(SLOTS).fill(undefined)
  private readonly tickMs: number
  private lastTick = 0
  private interval: NodeJS.Timeout | undefined

  constructor(tickMs: number) {
    this.tickMs = tickMs
  }

  timer(expire: () => void): WheelTimer {
    return new WheelTimer(this, expire)
  }

  place(timer: WheelTimer): void {
    if (this.interval === undefined) this.start()
    const due = Math.min(Math.ceil(timer.deadline / this.tickMs), this.lastTick + SLOTS - 1)
    // A timer that moved to later stays where it is and is moved on when its slot comes round.
    if (timer.tick >= 0 && timer.tick <= due) return
    this.remove(timer)
    this.insert(timer, Math.max(due, this.lastTick + 1))
  }

  remove(timer: WheelTimer): void {
    if (timer.tick < 0) return
    if (timer.previous) timer.previous.next = timer.next
    else this.slots[timer.tick % SLOTS] = timer.next
    if (timer.next) timer.next.previous = timer.previous
    timer.tick = -1
    timer.next = undefined
    timer.previous = undefined
    this.size--
  }

  close(): void {
    for (let slot = 0; slot < SLOTS; slot++) {
      for (let timer = this.slots[slot]; timer; timer = this.slots[slot]) timer.dispose()
    }
    this.stop()
  }

  private insert(timer: WheelTimer, tick: number): void {
    const head = this.slots[tick % SLOTS]
    timer.tick = tick
    timer.next = head
    if (head) head.previous = timer
    this.slots[tick % SLOTS] = timer
    this.size++
  }

  private start(): void {
    this.lastTick = Math.floor(performance.now() / this.tickMs)
    this.interval = setInterval(() => this.advance(), this.tickMs)
    this.interval.unref()
  }

  private stop(): void {
    clearInterval(this.interval)
    this.interval = undefined
  }

  private advance(): void {
    const nowMs = performance.now()
    const tick = Math.floor(nowMs / this.tickMs)
    // After a stall of the process every slot is visited once.
    const first = Math.max(this.lastTick + 1, tick - SLOTS + 1)
    this.lastTick = tick
    for (let at = first; at <= tick; at++) this.visit(at % SLOTS, nowMs)
    if (this.size === 0) this.stop()
  }

  private visit(slot: number, nowMs: number): void {
    let timer = this.slots[slot]
    const due: WheelTimer[] = []
    while (timer) {
      due.push(timer)
      timer = timer.next
    }
    for (const each of due) {
      if (each.tick < 0 || each.tick > this.lastTick) continue
      this.remove(each)
      if (each.deadline <= nowMs) {
        each.clear()
        each.expire()
      } else if (each.deadline !== Number.POSITIVE_INFINITY) this.place(each)
    }
  }
}

/** The wheel that connections share. */
export const sharedWheel: TimerWheel = createTimerWheel()
