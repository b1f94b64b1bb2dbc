import type { LossTable } from '../../loss.ts'

/** What Bedrock does not offer of the format it carries. */
export const UNAVAILABLE: LossTable = {
  container: 'content',
  mcp_servers: 'content',
  inference_geo: 'hint',
}
