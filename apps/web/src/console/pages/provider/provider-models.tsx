import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useControl } from '../../api/control.ts'
import { formatNoun } from '../../format/number.ts'
import { useForgetModels, useProviderModels } from '../../providers/provider-queries.ts'
import { ErrorState } from '../../ui/error-state.tsx'
import { PageLink } from '../../ui/page-link.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Time } from '../../ui/time.tsx'

interface ProviderModelsProps {
  readonly provider: string
  readonly vendor: string
}

/** The models that the vendor itself lists, and a way to fetch them anew. */
export function ProviderModels({ provider, vendor }: ProviderModelsProps) {
  const control = useControl()
  const models = useProviderModels(provider).data
  const forget = useForgetModels()
  const fetching = useMutation({ mutationFn: () => control.vendorLink.fetchModels(provider), onSuccess: forget })
  if (models === undefined || !models.isOffered) return null
  return (
    <Panel
      title="Models"
      action={
        <Button size="compact-sm" variant="default" loading={fetching.isPending} onClick={() => fetching.mutate()}>
          Refresh models
        </Button>
      }
    >
      {models.at === null ? (
        <p className="k-dim">
          The vendor's own list was not fetched yet. It fills the suggestions for upstream models.
        </p>
      ) : (
        <p>
          {formatNoun(models.count, 'model')}, fetched <Time iso={models.at} />.{' '}
          <PageLink to="/model-catalogue" search={{ vendor, callable: 'true' }}>
            Open in the catalogue
          </PageLink>
        </p>
      )}
      {fetching.isError && <ErrorState error={fetching.error} />}
    </Panel>
  )
}
