/** Lets one user through at a time, in the order of arrival. */
export class Turnstile {
  #tail: Promise<void> = Promise.resolve()

  /** Resolves when it is the caller's turn, with the function that ends the turn. */
  async enter(): Promise<() => void> {
    const before = this.#tail
    let leave: () => void = () => {}
    this.#tail = new Promise((resolve) => {
      leave = resolve
    })
    await before
    return leave
  }
}
