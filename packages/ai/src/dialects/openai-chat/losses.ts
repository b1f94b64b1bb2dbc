import { COMMON_LOSSES, type LossTable } from '../../loss.ts'

/** What Chat Completions cannot express of other dialects. */
export const LOSSES: LossTable = {
  ...COMMON_LOSSES,
  top_k: 'content',
  temperature: 'content',
  top_p: 'content',
  seed: 'content',
  frequency_penalty: 'content',
  presence_penalty: 'content',
  logit_bias: 'content',
  n: 'content',
  logprobs: 'content',
  thinking: 'content',
  stop_sequences: 'content',
  tools: 'content',
  image: 'content',
  document: 'content',
  container: 'content',
  mcp_servers: 'content',
  context_management: 'hint',
  cache_control: 'hint',
  citations: 'hint',
  inference_geo: 'hint',
  'tool_result.is_error': 'hint',
}
