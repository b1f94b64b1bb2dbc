import type { SpecOf, TypedResource } from '@konnect/client'
import type { JsonObject, ResourceKind } from '@konnect/contract'
import { useControl } from '../api/control.ts'
import { usePropose } from './change-provider.tsx'

interface After {
  readonly onDone?: () => void
}

const NOUNS: Readonly<Record<ResourceKind, string>> = {
  tenant: 'tenant',
  api: 'API',
  route: 'route',
  upstream: 'upstream',
  policy: 'policy',
  provider: 'provider',
  model: 'model',
  product: 'product',
  application: 'application',
  key: 'key',
  subscription: 'subscription',
  budget: 'budget',
}

/** Creates, changes and removes resources of one kind; each time the difference is shown first and can be undone. */
export function useResourceChange<K extends keyof SpecOf & ResourceKind>(kind: K, parent?: string) {
  const propose = usePropose()
  const client = useControl().resources(kind, { parent })
  const noun = NOUNS[kind]
  return {
    create: (spec: JsonObject, after: After = {}) =>
      propose({
        title: `Publish a new ${noun}`,
        verb: 'Publish',
        preview: () => client.preview.create(spec as never),
        run: () => client.create(spec as never),
        done: `Published the new ${noun}.`,
        ...after,
      }),
    replace: (resource: Pick<TypedResource<K>, 'name' | 'revision'>, spec: JsonObject, after: After = {}) =>
      propose({
        title: `Publish changes to ${resource.name}`,
        verb: 'Publish',
        preview: () => client.preview.replace(resource.name, spec as never),
        run: () => client.replace(resource.name, spec as never, { revision: resource.revision }),
        done: `Published the changes to ${resource.name}.`,
        ...after,
      }),
    remove: (resource: Pick<TypedResource<K>, 'name'>, options: After & { verb?: string; warning?: string } = {}) =>
      propose({
        title: `${options.verb ?? 'Delete'} ${noun} ${resource.name}`,
        verb: options.verb ?? 'Delete',
        isDangerous: true,
        ...(options.warning === undefined ? {} : { warning: options.warning }),
        preview: () => client.preview.remove(resource.name),
        run: () => client.remove(resource.name),
        done: `${noun.charAt(0).toUpperCase()}${noun.slice(1)} ${resource.name} is gone.`,
        ...(options.onDone ? { onDone: options.onDone } : {}),
      }),
  }
}
