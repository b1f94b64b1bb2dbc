import type { CatalogModel } from '@konnect/contract'
import { Autocomplete, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useCatalog, useCatalogModels, useResources } from '../api/queries.ts'
import { formatListPrice } from '../format/money.ts'
import { type FieldProps, useFormState, useInputProps } from '../schema-form/form-context.ts'
import { siblingOf } from '../schema-form/place.ts'

const SUGGESTIONS = 30
// The list that the choice of a provider reads as well.
const PROVIDERS = 200

/** The vendor's name of a model: any text; those that are known of the chosen provider's vendor are suggested. */
export function UpstreamModelField(props: FieldProps) {
  const input = useInputProps(props)
  const form = useFormState()
  const text = typeof props.value === 'string' ? props.value : ''
  const provider = form.valueAt(siblingOf(props.path, 'provider'))
  const vendor = useVendorOf(provider)
  const models = useSuggestions({ vendor: vendor?.id, provider: String(provider) }, text)
  const help = vendor && `${vendor.title}'s name of the model. Known ones are suggested; any other works too.`
  return (
    <Autocomplete
      {...input}
      description={input.description ?? help}
      required={false}
      value={text}
      placeholder={props.field.placeholder ?? ''}
      spellCheck={false}
      maxDropdownHeight={320}
      data={models.map(({ id }) => id)}
      filter={({ options }) => options}
      renderOption={({ option }) => (
        <Suggestion id={option.value} model={models.find(({ id }) => id === option.value)} />
      )}
      onChange={(next) => props.onChange(next || undefined)}
    />
  )
}

function useVendorOf(provider: unknown) {
  const providers = useResources('provider', { limit: PROVIDERS }).data?.items
  const vendors = useCatalog().data?.vendors
  const id = providers?.find(({ name }) => name === provider)?.spec.vendor
  return vendors?.find((vendor) => vendor.id === id)
}

interface Place {
  readonly vendor: string | undefined
  readonly provider: string
}

const NONE: readonly CatalogModel[] = []

function useSuggestions({ vendor, provider }: Place, text: string): readonly CatalogModel[] {
  const [search] = useDebouncedValue(text.trim(), 150)
  const query = { search, limit: SUGGESTIONS, provider }
  const found = useCatalogModels(query, vendor !== undefined).data?.items ?? NONE
  // Until the answer is there, the list of the question before stands in.
  return found.filter((model) => model.vendor === vendor)
}

function Suggestion({ id, model }: { readonly id: string; readonly model: CatalogModel | undefined }) {
  return (
    <div>
      <Text size="sm" className="k-break">
        {id}
      </Text>
      {model && (
        <Text size="xs" c="dimmed">
          {model.title === id ? '' : `${model.title} · `}
          {`${formatListPrice(model.input)} in, ${formatListPrice(model.output)} out, per million tokens`}
          {model.isDeprecated && ' · deprecated'}
        </Text>
      )}
    </div>
  )
}
