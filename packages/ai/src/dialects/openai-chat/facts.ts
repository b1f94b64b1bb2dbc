import { isContent } from '../../canonical/event.ts'
import { ChoiceTap, readChoiceFacts } from '../../openai/choice-facts.ts'
import type { ResponseFacts } from '../../ports.ts'
import type { StreamTap } from '../dialect.ts'
import { ChunkReader } from './stream-in.ts'

// Content of any kind: text, reasoning, a refusal, parts or calls. Quotes inside of strings are escaped, so these are keys.
const CONTENT =
  /"(?:content|reasoning|reasoning_content|refusal)"\s*:\s*"(?!")|"(?:tool_calls|content)"\s*:\s*\[\s*\{|"function_call"\s*:\s*\{/

const PLAIN = { restoreToolName: (name: string) => name }

/** Facts of a whole answer, from its bytes. An answer that cannot be read has none. */
export const readResponseFacts = (body: Buffer): ResponseFacts => readChoiceFacts(body, CONTENT)

/** Watches a stream of `chat.completion.chunk`. */
export const tapChunks = (): StreamTap =>
  new ChoiceTap((data) => new ChunkReader(PLAIN).read({ name: '', data }).some(isContent))
