import type { Words } from '../words.ts'

/** What a new leaf consists of. Paths are relative to the project. */
export interface LeafPlan {
  /** New files and their text. */
  readonly files: Readonly<Record<string, string>>
  /** Existing files and how they change: the one line in the list. */
  readonly edits: Readonly<Record<string, (text: string) => string>>
}

/** Plans a leaf of one kind. */
export type LeafPlanner = (words: Words) => LeafPlan
