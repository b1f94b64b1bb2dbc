import type { ChatRequest, ContentPart } from '../../canonical/request.ts'
import type { LossRecorder } from '../../loss.ts'

/** The request without images and files that only an address names: Bedrock fetches none. */
export function withoutLinks(request: ChatRequest, losses: LossRecorder): ChatRequest {
  return {
    ...request,
    messages: request.messages.map((message) => ({ ...message, parts: keptParts(message.parts, losses) })),
  }
}

function keptParts(parts: readonly ContentPart[], losses: LossRecorder): ContentPart[] {
  return parts.flatMap((part): ContentPart[] => {
    if (part.type === 'tool_result') return [{ ...part, parts: keptParts(part.parts, losses) }]
    if ((part.type !== 'image' && part.type !== 'file') || part.source.kind !== 'url') return [part]
    losses.drop(part.type)
    return []
  })
}
