import { createHash } from 'node:crypto'

/** Tool names that a vendor accepts, and the way back. */
export interface ToolNames {
  /** The vendor's form of a name. */
  send(name: string): string
  /** The client's form of a name that the vendor said. */
  restore(name: string): string
}

/**
 * Makes names fit `[A-Za-z0-9_-]{1,maxLength}`. A name that has to change gets a digest of itself as its tail, so that
 * two names never become one, and the same name always becomes the same.
 */
export function createToolNames(maxLength: number): ToolNames {
  const originals = new Map<string, string>()
  return {
    send(name) {
      if (name.length <= maxLength && /^[A-Za-z0-9_-]+$/.test(name)) return name
      const tail = createHash('sha256').update(name).digest('hex').slice(0, 8)
      const sent = `${name.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, maxLength - 9)}_${tail}`
      originals.set(sent, name)
      return sent
    },
    restore: (name) => originals.get(name) ?? name,
  }
}
