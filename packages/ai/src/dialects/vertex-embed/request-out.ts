import type { JsonObject } from '@konnect/contract'
import { type EmbeddingRequest, limitInputs, textsOf } from '../../canonical/embedding.ts'
import { taskName } from '../../google/tasks.ts'
import { compact } from '../../json/access.ts'
import type { LossRecorder } from '../../loss.ts'

const MAX_TEXTS = 250
const takesOne = (model: string): boolean => model.startsWith('gemini-embedding')

/** Writes a request; the model stands in the address. Throws `unsupported_feature` for tokens and for too many texts. */
export function writeRequest(request: EmbeddingRequest, model: string, losses: LossRecorder): JsonObject {
  limitInputs(request, takesOne(model) ? 1 : MAX_TEXTS)
  const { task, truncate } = request
  // It cuts off the end or nothing.
  if (truncate === 'start') losses.drop('truncate')
  const parameters = compact({
    outputDimensionality: request.dimensions,
    autoTruncate: truncate === undefined || truncate === 'start' ? undefined : truncate === 'end',
  })
  const texts = textsOf(request)
  return {
    instances: request.inputs.map((input, index) =>
      compact({
        content: texts[index],
        task_type: task === undefined ? undefined : taskName(task),
        title: input.type === 'text' ? input.title : undefined,
      }),
    ),
    parameters,
  }
}
