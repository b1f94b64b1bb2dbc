import { isJsonObject, type Json, type JsonObject, type ModelCapability, type VendorModel } from '@konnect/contract'
import { knownCapabilities } from '../price/capabilities.ts'

/** More than any vendor lists; the rest of a longer list is left out. */
const MAX_MODELS = 5_000
const MAX_ID = 512

/**
 * Reads a vendor's list of its models: an array by itself, or under `data` (OpenAI, Anthropic) or `models` (Gemini, Cohere,
 * Ollama), each id once. What vendors tell beyond the id is taken where it is told in one of the usual fields.
 * `undefined` for anything that is no such list.
 */
export function readVendorModels(text: string): readonly VendorModel[] | undefined {
  const entries = entriesIn(text)
  if (entries === undefined) return undefined
  const models = new Map<string, VendorModel>()
  for (const entry of entries) {
    const id = idOf(entry)
    if (id === undefined) return undefined
    if (models.size < MAX_MODELS && !models.has(id)) models.set(id, modelOf(id, entry))
  }
  return [...models.values()]
}

function entriesIn(text: string): readonly JsonObject[] | undefined {
  let answer: Json
  try {
    answer = JSON.parse(text) as Json
  } catch {
    return undefined
  }
  const list = isJsonObject(answer) ? (answer.data ?? answer.models) : answer
  return Array.isArray(list) && list.every(isJsonObject) ? (list as JsonObject[]) : undefined
}

function idOf({ id, name, model }: JsonObject): string | undefined {
  const found = [id, name, model].find((one) => typeof one === 'string' && one !== '') as string | undefined
  // Gemini's names are resource names.
  const own = id === undefined ? found?.replace(/^models\//, '') : found
  return own !== undefined && own.length <= MAX_ID ? own : undefined
}

function modelOf(id: string, entry: JsonObject): VendorModel {
  const title = [entry.display_name, entry.displayName, entry.name].find((one) => typeof one === 'string') ?? id
  const contextWindow = [
    entry.context_window,
    entry.context_length,
    entry.max_context_length,
    entry.max_model_len,
    entry.max_input_tokens,
    entry.inputTokenLimit,
  ].find((one) => Number.isSafeInteger(one) && Number(one) > 0)
  return {
    id,
    title: String(title)
      .replace(/^models\//, '')
      .slice(0, MAX_ID),
    contextWindow: contextWindow === undefined ? null : Number(contextWindow),
    capabilities: toldCapabilities(entry) ?? knownCapabilities(id),
  }
}

const textsIn = (value: Json | undefined): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []

const objectIn = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {})

/** Null when the vendor tells nothing of the kind. */
function toldCapabilities(entry: JsonObject): readonly ModelCapability[] | null {
  const { input_modalities: modalities } = objectIn(entry.architecture)
  const told = objectIn(entry.capabilities)
  const inputs = [...textsIn(modalities), ...textsIn(entry.input_modalities)]
  const options = [...textsIn(entry.supported_parameters), ...textsIn(entry.features)]
  const work = [...textsIn(entry.supportedGenerationMethods), ...textsIn(entry.endpoints), String(entry.type ?? '')]
  const can: Readonly<Record<ModelCapability, boolean>> = {
    vision: inputs.includes('image') || told.vision === true || entry.supports_image_input === true,
    audio: inputs.includes('audio') || told.audio === true,
    tools: options.includes('tools') || told.function_calling === true || entry.supports_tools === true,
    reasoning: options.includes('reasoning') || told.reasoning === true || entry.thinking === true,
    embeddings: work.some((one) => /embed/i.test(one)),
  }
  const found = (Object.keys(can) as ModelCapability[]).filter((one) => can[one])
  return found.length > 0 ? found : null
}
