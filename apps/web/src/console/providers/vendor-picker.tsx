import type { VendorDescription } from '@konnect/contract'
import { type ComboboxItem, Select, Text } from '@mantine/core'
import { useCatalog } from '../api/queries.ts'
import { type FieldProps, useFormState, useInputProps } from '../schema-form/form-context.ts'
import { matchesVendor } from './vendor-search.ts'

const NONE: readonly VendorDescription[] = []

/** One vendor of many, found by its name, its id or what it offers. */
export function VendorPicker(props: FieldProps) {
  const input = useInputProps(props)
  const form = useFormState()
  const vendors = useCatalog().data?.vendors ?? NONE
  const vendorOf = (id: string) => vendors.find((vendor) => vendor.id === id)
  const chosen = typeof props.value === 'string' ? props.value : null
  const isMeant = (id: string, search: string) => {
    const vendor = vendorOf(id)
    return vendor !== undefined && matchesVendor(vendor, search)
  }
  return (
    <Select
      {...input}
      required={false}
      description={chosen === null ? 'Who answers: a service or a server of your own.' : vendorOf(chosen)?.description}
      searchable
      allowDeselect={false}
      data={vendors.map(({ id, title }) => ({ value: id, label: title }))}
      value={chosen}
      placeholder="Search by name or model…"
      nothingFoundMessage="No vendor of this name; OpenAI-compatible servers have one vendor for all"
      maxDropdownHeight={360}
      filter={({ options, search }) =>
        (options as ComboboxItem[]).filter(({ value, label }) => label === search || isMeant(value, search))
      }
      renderOption={({ option }) => <VendorOption title={option.label} text={vendorOf(option.value)?.description} />}
      onChange={(id) => {
        form.touch(props.path)
        props.onChange(id ?? undefined)
      }}
    />
  )
}

const VendorOption = ({ title, text }: { readonly title: string; readonly text: string | undefined }) => (
  <div>
    <Text size="sm">{title}</Text>
    <Text size="xs" c="dimmed">
      {text}
    </Text>
  </div>
)
