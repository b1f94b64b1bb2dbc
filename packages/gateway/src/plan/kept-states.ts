/** States by key that outlive a publish: created when first asked for, forgotten when a publish no longer asks. */
export class KeptStates<T> {
  readonly #entries = new Map<string, T>()
  readonly #create: (key: string) => T
  #asked = new Set<string>()

  constructor(create: (key: string) => T) {
    this.#create = create
  }

  of(key: string): T {
    this.#asked.add(key)
    let state = this.#entries.get(key)
    if (state === undefined) {
      state = this.#create(key)
      this.#entries.set(key, state)
    }
    return state
  }

  /** Forgets the keys that were not asked for since the last call. */
  sweep(): void {
    for (const key of this.#entries.keys()) if (!this.#asked.has(key)) this.#entries.delete(key)
    this.#asked = new Set()
  }
}
