import { MODEL_CAPABILITIES } from '@konnect/contract'
import { Checkbox, Select } from '@mantine/core'
import { useCatalog } from '../../api/queries.ts'
import { useSearchState } from '../../url-state/use-search-state.ts'

const CONTEXTS = [8_000, 32_000, 128_000, 200_000, 1_000_000]
const PRICES = [0.1, 0.5, 1, 5, 15]

const CAPABILITY_TITLES = {
  vision: 'Sees images',
  audio: 'Hears or speaks',
  tools: 'Uses tools',
  reasoning: 'Reasons',
  embeddings: 'Embeds text',
} as const

const capabilities = MODEL_CAPABILITIES.map((value) => ({ value, label: CAPABILITY_TITLES[value] }))
const contexts = CONTEXTS.map((size) => ({ value: `${size}`, label: `${size.toLocaleString('en')} tokens or more` }))
const inputPrices = PRICES.map((usd) => ({ value: `${usd}`, label: `Input up to $${usd}` }))
const outputPrices = PRICES.map((usd) => ({ value: `${usd}`, label: `Output up to $${usd}` }))
const orders = [
  { value: 'input', label: 'Cheapest input' },
  { value: 'output', label: 'Cheapest output' },
  { value: '-contextWindow', label: 'Longest context' },
]

/** What the list of known models is narrowed down and sorted by; the address remembers. */
export function CatalogueFilters() {
  const [search, setSearch] = useSearchState()
  const vendors = useCatalog().data?.vendors ?? []
  const titles = vendors.map(({ id, title }) => ({ value: id, label: title }))
  return (
    <>
      <Choice name="vendor" label="Filter by vendor" placeholder="Any vendor" data={titles} isSearchable />
      <Choice name="capability" label="Filter by capability" placeholder="Any capability" data={capabilities} />
      <Choice name="minContext" label="Least context window" placeholder="Any context" data={contexts} />
      <Choice name="maxInput" label="Highest price of input" placeholder="Any input price" data={inputPrices} />
      <Choice name="maxOutput" label="Highest price of output" placeholder="Any output price" data={outputPrices} />
      <Choice name="sort" label="Order" placeholder="By vendor and name" data={orders} />
      <Checkbox
        label="Only those that can be called"
        checked={search.callable === 'true'}
        onChange={(event) => setSearch({ callable: event.currentTarget.checked ? 'true' : undefined })}
      />
    </>
  )
}

interface ChoiceProps {
  /** In the address. */
  readonly name: string
  readonly label: string
  readonly placeholder: string
  readonly data: readonly { readonly value: string; readonly label: string }[]
  readonly isSearchable?: boolean
}

function Choice({ name, label, placeholder, data, isSearchable = false }: ChoiceProps) {
  const [search, setSearch] = useSearchState()
  return (
    <Select
      className="k-filter"
      aria-label={label}
      placeholder={placeholder}
      data={[...data]}
      value={search[name] ?? null}
      clearable
      searchable={isSearchable}
      nothingFoundMessage="Nothing of this name"
      onChange={(value) => setSearch({ [name]: value ?? undefined })}
    />
  )
}
