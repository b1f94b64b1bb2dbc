/** The name of a leaf in the forms in which code needs it. */
export interface Words {
  /** `ip-rule`. */
  readonly kebab: string
  /** `ipRule`. */
  readonly camel: string
  /** `IpRule`. */
  readonly pascal: string
  /** `Ip rule`. */
  readonly title: string
}

const KEBAB = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/

/** Undefined when `name` is not kebab-case. */
export function wordsOf(name: string): Words | undefined {
  if (!KEBAB.test(name)) return undefined
  const parts = name.split('-')
  const pascal = parts.map(capitalised).join('')
  return {
    kebab: name,
    camel: `${pascal.charAt(0).toLowerCase()}${pascal.slice(1)}`,
    pascal,
    title: capitalised(parts.join(' ')),
  }
}

const capitalised = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`
