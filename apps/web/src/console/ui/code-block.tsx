import { CopyButton } from './copy-button.tsx'

interface CodeBlockProps {
  readonly code: string
  /** What the code is, for the copy button and for those who hear the page. */
  readonly label: string
}

/** Code to read and to copy. Scrolls within itself. */
export function CodeBlock({ code, label }: CodeBlockProps) {
  return (
    <figure className="k-code" aria-label={label}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard */}
      <pre tabIndex={0}>
        <code>{code}</code>
      </pre>
      <div className="k-code-copy">
        <CopyButton text={code} label={`Copy ${label}`} />
      </div>
    </figure>
  )
}
