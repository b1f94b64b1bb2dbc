/** A failure that is explained by its message alone; no stack trace is printed. */
export class Refusal extends Error {
  constructor(message, exitCode = 1) {
    super(message)
    this.name = 'Refusal'
    this.exitCode = exitCode
  }
}
