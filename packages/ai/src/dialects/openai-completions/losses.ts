import { COMMON_LOSSES, type LossTable } from '../../loss.ts'

/** What Completions cannot express of other dialects. */
export const LOSSES: LossTable = {
  ...COMMON_LOSSES,
  messages: 'content',
  tools: 'content',
  image: 'content',
  input_audio: 'content',
  file: 'content',
  audio: 'content',
  modalities: 'content',
  response_format: 'content',
  web_search_options: 'content',
  reasoning_effort: 'content',
  n: 'content',
  logprobs: 'content',
  top_logprobs: 'content',
  top_k: 'content',
  stop: 'content',
  container: 'content',
  mcp_servers: 'content',
  reasoning_content: 'hint',
  cache_control: 'hint',
  citations: 'hint',
  inference_geo: 'hint',
  verbosity: 'hint',
}
