import { isContent } from '../../canonical/event.ts'
import { ChoiceTap, readChoiceFacts } from '../../openai/choice-facts.ts'
import type { ResponseFacts } from '../../ports.ts'
import type { StreamTap } from '../dialect.ts'
import { TextReader } from './stream-in.ts'

// Quotes inside of strings are escaped, so this is a key.
const CONTENT = /"text"\s*:\s*"(?!")/

/** Facts of a whole answer, from its bytes. An answer that cannot be read has none. */
export const readResponseFacts = (body: Buffer): ResponseFacts => readChoiceFacts(body, CONTENT)

/** Watches a stream of `text_completion` chunks. */
export const tapChunks = (): StreamTap =>
  new ChoiceTap((data) => new TextReader().read({ name: '', data }).some(isContent))
