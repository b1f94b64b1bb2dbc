import { stringify } from 'yaml'
import { CodeBlock } from '../ui/code-block.tsx'

interface YamlViewProps {
  /** Field of the declarative file, e.g. `apis`. */
  readonly plural: string
  readonly spec: object
  /** Child lists, e.g. `{ routes: [...] }`. */
  readonly lists?: Readonly<Record<string, readonly object[]>> | undefined
}

/** A resource in the form of the declarative file, and the command that applies it. */
export function YamlView({ plural, spec, lists = {} }: YamlViewProps) {
  const filled = Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0))
  const text = stringify({ [plural]: [{ ...spec, ...filled }] }, { aliasDuplicateObjects: false })
  return (
    <div className="k-stack">
      <p className="k-dim">
        The same in the form of the declarative file. Stored secrets read as ***, and stay as they are when you apply
        it.
      </p>
      <CodeBlock code={text} label="the YAML" />
      <h2>Apply it from a terminal</h2>
      <CodeBlock code={`konnect apply -f - <<'EOF'\n${text}EOF`} label="the command" />
    </div>
  )
}
