import type { FinishReason } from '../../ports.ts'

const READ: ReadonlyMap<unknown, FinishReason> = new Map<unknown, FinishReason>([
  ['stop', 'stop'],
  ['length', 'length'],
  ['tool_calls', 'tool_calls'],
  // The model was only loaded or unloaded; there was nothing to say.
  ['load', 'stop'],
  ['unload', 'stop'],
])

/** Reads `done_reason`; none at all, as older servers send it, and an unknown one are a stop. */
export const readFinish = (value: unknown): FinishReason => READ.get(value) ?? 'stop'
