/** Gives an id to calls that came without one, and finds the call that a result belongs to. */
export class CallIds {
  readonly #open: { readonly id: string; readonly name: string }[] = []
  #count = 0

  /** Id of a call: its own, or one made up from its place among all calls. */
  ofCall(name: string, given: string | undefined): string {
    const id = given || `call_${this.#count}`
    this.#count++
    this.#open.push({ id, name })
    return id
  }

  /** Id of the call that is answered: the one that is named, else the first unanswered of that name. */
  ofResult(name: string, given: string | undefined): string {
    const index = this.#open.findIndex((call) => (given ? call.id === given : call.name === name))
    const [call] = index < 0 ? [] : this.#open.splice(index, 1)
    return given || (call?.id ?? name)
  }
}
