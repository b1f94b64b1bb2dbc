import type { Change } from '@konnect/contract'

/** A change that waits for confirmation. */
export interface ChangeRequest {
  /** What will happen, as a question's subject: `Publish changes to orders`. */
  readonly title: string
  /** The verb on the button. */
  readonly verb: string
  readonly isDangerous?: boolean
  /** What follows from it that the difference does not show. */
  readonly warning?: string
  readonly preview: () => Promise<{ readonly changes: readonly Change[] }>
  readonly run: () => Promise<unknown>
  /** What was done, in a sentence. */
  readonly done: string
  readonly onDone?: () => void
}
