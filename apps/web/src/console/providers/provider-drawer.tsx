import type { TypedResource } from '@konnect/client'
import type { JsonObject } from '@konnect/contract'
import { Box, Drawer } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useControl } from '../api/control.ts'
import { useCatalog } from '../api/queries.ts'
import { useResourceChange } from '../change/use-resource-change.ts'
import { SchemaForm } from '../schema-form/schema-form.tsx'
import { useResourceSchema } from '../schema-form/use-resource-schema.ts'
import { Loading } from '../ui/query-view.tsx'
import { CheckButton } from './check-button.tsx'
import { VendorPicker } from './vendor-picker.tsx'
import { forVendor } from './vendor-schema.ts'

interface ProviderDrawerProps {
  readonly provider?: TypedResource<'provider'>
  /** Vendor that the form of a new one starts with. */
  readonly vendorId?: string
  readonly close: () => void
  readonly done?: (name: string) => void
}

const EDITORS = { '/vendor': VendorPicker }
const FROZEN = ['/name']
const NOTHING: readonly string[] = []

/** Creates or edits a provider. What the form asks for depends on the vendor. */
export function ProviderDrawer({ provider, vendorId: given, close, done }: ProviderDrawerProps) {
  const schema = useResourceSchema('provider')
  const vendors = useCatalog().data?.vendors
  const change = useResourceChange('provider')
  const [vendorId, setVendorId] = useState<unknown>(provider?.spec.vendor ?? given)
  const vendor = vendors?.find((candidate) => candidate.id === vendorId)
  const initial = (provider?.spec ?? (given === undefined ? {} : { vendor: given })) as unknown as JsonObject
  const [typed, setTyped] = useState(initial)
  const control = useControl()
  const precise = useMemo(() => schema && forVendor(schema, vendor), [schema, vendor])
  const save = async (spec: JsonObject) => {
    await (provider ? change.replace(provider, spec) : change.create(spec, { onDone: () => done?.(String(spec.name)) }))
    close()
  }
  return (
    <Drawer opened onClose={close} size="xl" title={provider ? `Edit ${provider.name}` : 'Add provider'}>
      {precise ? (
        <SchemaForm
          schema={precise}
          initial={initial}
          verb="Review and publish"
          editors={EDITORS}
          frozen={provider ? FROZEN : NOTHING}
          onValue={(value) => {
            setVendorId(value.vendor)
            setTyped(value)
          }}
          onSubmit={save}
        >
          <Box flex="1 1 100%">
            <CheckButton
              key={JSON.stringify(typed)}
              check={() => control.vendorLink.checkSpec({ name: 'unnamed', ...typed }, provider?.name)}
            />
          </Box>
        </SchemaForm>
      ) : (
        <Loading />
      )}
    </Drawer>
  )
}
