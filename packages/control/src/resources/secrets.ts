import {
  type CatalogDescription,
  type FieldFault,
  type Json,
  type JsonObject,
  SECRET_MASK,
  type SecretBox,
} from '@konnect/contract'
import type { SchemaNode } from './kinds.ts'
import { type Visit, walk } from './walk.ts'

/** What happens to secrets on their way in and out. */
export interface Secrets {
  /** The spec with every secret as `***`. */
  mask(schema: SchemaNode, spec: JsonObject): JsonObject
  /** `***` replaced by the stored secret of the same place. Faults where there is none. Throws `secret_unreadable`. */
  unmask(schema: SchemaNode, spec: JsonObject, stored: JsonObject | undefined): Unmasked
  /** Every secret sealed; one that did not change keeps its sealed text, so that equal specs stay equal. */
  seal(schema: SchemaNode, plain: JsonObject, stored: JsonObject | undefined): JsonObject
  /** Faults that would repeat a secret say less. */
  redact(schema: SchemaNode, value: Json, faults: readonly FieldFault[]): FieldFault[]
}

export interface Unmasked {
  readonly plain: JsonObject
  readonly faults: readonly FieldFault[]
}

/** Creates the handling of secrets for one catalog and one box. */
export function createSecrets(catalog: CatalogDescription, box: SecretBox): Secrets {
  const change = (schema: SchemaNode, spec: JsonObject, visit: Visit) =>
    walk(catalog, schema, spec, visit) as JsonObject

  const storedSecrets = (schema: SchemaNode, stored: JsonObject | undefined): Map<string, string> => {
    const found = new Map<string, string>()
    if (stored)
      change(schema, stored, (place) => void (isSecret(place) && found.set(place.slot, place.value as string)))
    return found
  }

  return {
    // Sealed text is masked wherever it stands: the policy whose schema called it a secret may be gone.
    mask: (schema, spec) =>
      change(schema, spec, (place) =>
        isSecret(place) || (typeof place.value === 'string' && box.isSealed(place.value))
          ? { value: SECRET_MASK }
          : undefined,
      ),

    unmask(schema, spec, stored) {
      const former = storedSecrets(schema, stored)
      const faults: FieldFault[] = []
      const plain = change(schema, spec, (place) => {
        if (!isSecret(place) || place.value !== SECRET_MASK) return undefined
        const sealed = former.get(place.slot)
        if (sealed !== undefined) return { value: box.open(sealed) }
        faults.push({
          path: place.pointer,
          message: `"${SECRET_MASK}" keeps a stored secret, but none is stored here.`,
        })
        return undefined
      })
      return { plain, faults }
    },

    seal(schema, plain, stored) {
      const former = storedSecrets(schema, stored)
      return change(schema, plain, (place) =>
        isSecret(place) ? { value: sealed(box, place.value as string, former.get(place.slot)) } : undefined,
      )
    },

    redact(schema, value, faults) {
      const hidden = new Set<string>()
      walk(catalog, schema, value, (place) => {
        const isHidden = place.schema['x-secret'] === true || place.schema['x-once'] === true
        if (isHidden) hidden.add(place.pointer)
        return undefined
      })
      return faults.map((fault) => (hidden.has(fault.path) ? withoutValue(fault) : fault))
    },
  }
}

const isSecret = (place: { schema: SchemaNode; value: Json }): boolean =>
  place.schema['x-secret'] === true && typeof place.value === 'string'

// Every message that repeats the value does so after "got" and at the end.
const withoutValue = (fault: FieldFault): FieldFault => ({
  ...fault,
  message: fault.message.replace(/[;,] got ".*$/s, '; got something else.'),
})

function sealed(box: SecretBox, plain: string, former: string | undefined): string {
  return former !== undefined && opens(box, former) === plain ? former : box.seal(plain)
}

function opens(box: SecretBox, text: string): string | undefined {
  try {
    return box.open(text)
  } catch {
    return undefined
  }
}
