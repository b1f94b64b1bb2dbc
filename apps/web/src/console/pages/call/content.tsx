import type { Call } from '@konnect/contract'
import { CodeBlock } from '../../ui/code-block.tsx'
import { Panel } from '../../ui/panel.tsx'

/** Headers and bodies, where a policy asked to record them. */
export function Content({ call }: { readonly call: Call }) {
  const { content } = call
  if (!content)
    return (
      <Panel title="Headers and bodies">
        <p className="k-dim">
          Not recorded. That is the default; a policy can ask for it, and secrets are redacted then.
        </p>
      </Panel>
    )
  const { answer, ...recorded } = content
  return (
    <>
      {answer !== undefined && (
        <Panel title="Answer, kept for comparison">
          <CodeBlock code={answer} label="the answer" />
        </Panel>
      )}
      {Object.keys(recorded).length > 0 && (
        <div className="k-call-columns">
          <Side title="Request" headers={content.requestHeaders} body={content.requestBody} />
          <Side title="Response" headers={content.responseHeaders} body={content.responseBody} />
        </div>
      )}
    </>
  )
}

interface SideProps {
  readonly title: string
  readonly headers: readonly string[] | undefined
  readonly body: string | undefined
}

function Side({ title, headers, body }: SideProps) {
  return (
    <Panel title={title}>
      <div className="k-stack" data-tight>
        <h3>Headers</h3>
        {headers ? (
          <CodeBlock code={headerLines(headers)} label={`the ${title.toLowerCase()} headers`} />
        ) : (
          <NotRecorded />
        )}
        <h3>Body</h3>
        {body === undefined ? (
          <NotRecorded />
        ) : (
          <CodeBlock code={pretty(body)} label={`the ${title.toLowerCase()} body`} />
        )}
      </div>
    </Panel>
  )
}

const NotRecorded = () => <p className="k-dim k-small">Not recorded.</p>

function headerLines(headers: readonly string[]): string {
  const lines: string[] = []
  for (let i = 0; i < headers.length; i += 2) lines.push(`${headers[i]}: ${headers[i + 1] ?? ''}`)
  return lines.join('\n')
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}
