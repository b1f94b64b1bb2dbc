import { isJsonObject, type Json, type JsonObject, validate } from '@konnect/contract'

/** What the API description says of answers: `(method, path, status)` → the schema of the JSON body, refs resolved. */
export type AnswerSchemas = (method: string, path: string, status: number) => JsonObject | undefined

/** Reads an OpenAPI document into a look-up of answer schemas. */
export function answerSchemasOf(document: JsonObject): AnswerSchemas {
  const schemas = member(document, 'components', 'schemas')
  const resolved = new Map<string, Json>()
  const resolve = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(resolve)
    if (!isJsonObject(value)) return value
    if (typeof value.$ref === 'string') return resolveRef(value.$ref.split('/').at(-1) ?? '')
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner)]))
  }
  const resolveRef = (name: string): Json => {
    const known = resolved.get(name) ?? resolve(schemas[name] ?? {})
    resolved.set(name, known)
    return known
  }
  const routes = Object.entries(member(document, 'paths')).map(([template, methods]) => ({
    methods: methods as JsonObject,
    literals: (template.match(/\/[^/{]+(?=\/|$)/g) ?? []).length,
    pattern: new RegExp(`^${template.replace(/[.]/g, '\\.').replace(/\{[^}]+\}/g, '[^/]+')}$`),
  }))
  // The route with the most fixed segments is the one that answered.
  routes.sort((a, b) => b.literals - a.literals)
  const found = new Map<string, JsonObject | undefined>()
  return (method, path, status) => {
    const operation = routes.find(({ pattern }) => pattern.test(path))?.methods[method.toLowerCase()]
    if (!isJsonObject(operation ?? null)) return undefined
    const responses = member(operation as JsonObject, 'responses')
    const content = (responses[status] ?? responses.default) as JsonObject
    const key = JSON.stringify(content)
    if (!found.has(key)) {
      const [media] = Object.values((content.content ?? {}) as JsonObject)
      found.set(key, media ? (resolve((media as JsonObject).schema ?? {}) as JsonObject) : undefined)
    }
    return found.get(key)
  }
}

/** Throws when an answer is not what the description promises. */
export function demandDescribed(
  schemas: AnswerSchemas,
  request: { method: string; url: string },
  status: number,
  body: unknown,
): void {
  const path = request.url.split('?', 1)[0] ?? ''
  const schema = schemas(request.method, path, status)
  const faults = schema ? validate(schema, body) : []
  if (faults.length > 0)
    throw new Error(`${request.method} ${path} ${status} is not as described: ${JSON.stringify(faults)}`)
}

const member = (value: JsonObject, ...keys: string[]): JsonObject =>
  keys.reduce((inner, key) => (inner[key] ?? {}) as JsonObject, value)
