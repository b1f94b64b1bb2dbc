const EXPRESSION = /\$\{env:([^}]*)\}/g
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/

/** A text with its expressions replaced, and what could not be. */
export interface Expanded {
  readonly value: string
  readonly faults: readonly string[]
}

/**
 * Replaces every `${env:NAME}` in `text`. A variable that is not set is a fault, an empty one is empty text. Without
 * `env` nothing may be read: a text that came over the network must not see the environment of the server.
 */
export function expandEnvironment(text: string, env?: Readonly<Record<string, string | undefined>>): Expanded {
  const faults: string[] = []
  const value = text.replace(EXPRESSION, (expression, name: string) => {
    const found = env && Object.hasOwn(env, name) ? env[name] : undefined
    if (found !== undefined && NAME.test(name)) return found
    faults.push(faultOf(name, env !== undefined))
    return expression
  })
  return { value, faults }
}

function faultOf(name: string, isReadable: boolean): string {
  if (!NAME.test(name)) return `Expected the name of an environment variable after "env:", got "${name}".`
  if (!isReadable) return `\${env:${name}} is not expanded here; use "konnect apply", which reads your environment.`
  return `Environment variable ${name} is not set.`
}
