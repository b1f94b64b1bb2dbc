import { createToolNames, type ToolNames } from '../../canonical/tool-names.ts'

const MAX_NAME = 64
// A space fits no name, so a name with this prefix always gets the digest that makes it unique.
const PREFIX = '_ '

/** Names that the vendor accepts: those of other vendors, but they begin with a letter or an underscore. */
export function createFunctionNames(): ToolNames {
  const names = createToolNames(MAX_NAME)
  const prefixed = new Map<string, string>()
  return {
    send(name) {
      if (/^[A-Za-z_]/.test(name)) return names.send(name)
      const sent = names.send(PREFIX + name)
      prefixed.set(sent, name)
      return sent
    },
    restore: (name) => prefixed.get(name) ?? names.restore(name),
  }
}
