import { COMMON_LOSSES, type LossTable } from '../../loss.ts'

/** What Ollama's chat cannot express of other dialects. */
export const LOSSES: LossTable = {
  ...COMMON_LOSSES,
  n: 'content',
  logprobs: 'content',
  top_logprobs: 'content',
  logit_bias: 'content',
  modalities: 'content',
  audio: 'content',
  input_audio: 'content',
  web_search_options: 'content',
  tool_choice: 'content',
  parallel_tool_calls: 'content',
  tools: 'content',
  image: 'content',
  file: 'content',
  container: 'content',
  mcp_servers: 'content',
  cache_control: 'hint',
  citations: 'hint',
  inference_geo: 'hint',
  verbosity: 'hint',
  'image_url.detail': 'hint',
  'tools.strict': 'hint',
  'tool_result.is_error': 'hint',
}
