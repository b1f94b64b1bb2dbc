import type { TypedResource } from '@konnect/client'
import { useControl } from '../../../api/control.ts'
import { usePropose } from '../../../change/change-provider.tsx'

/** Promotes a version of a model or takes that back; each time the difference is shown first and can be undone. */
export function useTrafficChange({ name, revision }: Pick<TypedResource<'model'>, 'name' | 'revision'>) {
  const propose = usePropose()
  const { modelVersions } = useControl()
  return {
    promote: (version: string, percent: number) =>
      propose({
        title: `Give ${version} ${percent}% of the requests`,
        verb: 'Promote',
        preview: () => modelVersions.preview.promote(name, { version, percent }),
        run: () => modelVersions.promote(name, { version, percent }, { revision }),
        done: `${version} gets ${percent}% of the requests now.`,
      }),
    rollback: () =>
      propose({
        title: `Roll ${name} back`,
        verb: 'Roll back',
        preview: () => modelVersions.preview.rollback(name),
        run: () => modelVersions.rollback(name, { revision }),
        done: 'The previous shares hold again.',
      }),
  }
}
