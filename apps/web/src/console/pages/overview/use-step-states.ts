import { useQuery } from '@tanstack/react-query'
import { useControl, useTenant } from '../../api/control.ts'
import { useCalls, useGateways, useResources } from '../../api/queries.ts'

const REFRESH_MS = 5_000
const LOOKED_AT = 20

/** Which of the first steps are done, as the control plane knows it; undefined until all of it is known. */
export function useStepStates() {
  const gateways = useGateways().data
  const apis = useResources('api', { limit: 1 }).data
  const models = useResources('model', { limit: 1 }).data
  const ready = useReadyApplication().data
  const rest = useCalls({ kind: 'http', statusClass: 2, limit: 1 }, REFRESH_MS).data
  const ai = useCalls({ kind: 'ai', statusClass: 2, limit: 1 }, REFRESH_MS).data
  if (!gateways || !apis || !models || ready === undefined || !rest || !ai) return undefined
  return {
    gateway: gateways.items.length > 0,
    resources: apis.items.length > 0 && models.items.length > 0,
    application: ready,
    restCall: rest.items.length > 0,
    aiCall: ai.items.length > 0,
  }
}

/** Whether one of the first applications has both a key and a subscription. */
function useReadyApplication() {
  const control = useControl()
  const tenant = useTenant()
  return useQuery({
    queryKey: ['resources', tenant, 'ready-application'],
    queryFn: async () => {
      const { items } = await control.applications.list({ limit: LOOKED_AT, sort: '-updatedAt' })
      for (const { name } of items) {
        const [keys, subscriptions] = await Promise.all([
          control.keys(name).list({ limit: 1 }),
          control.subscriptions(name).list({ limit: 1 }),
        ])
        if (keys.items.length > 0 && subscriptions.items.length > 0) return true
      }
      return false
    },
  })
}
