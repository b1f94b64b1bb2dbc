import { useDebouncedValue } from '@mantine/hooks'
import { Spotlight, type SpotlightActionData } from '@mantine/spotlight'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useResources } from '../api/queries.ts'
import { PAGES } from '../pages/list.ts'

const CALL_ID = /^[A-Za-z0-9_-]{12,64}$/

type Goto = (to: string, params?: Record<string, string>) => void

/** Finds pages by title, and APIs, applications, models and calls by name or id while you type. */
export function PaletteDialog() {
  const navigate = useNavigate()
  const [query, setQuery] = useState('')
  const goto: Goto = (to, params = {}) => void navigate({ to, params } as never)
  const found = useFound(query, goto)
  return (
    <Spotlight
      actions={[...pageActions(query, goto), ...found]}
      shortcut={['mod + K']}
      query={query}
      onQueryChange={setQuery}
      filter={(_, actions) => actions}
      lockScroll={false}
      highlightQuery
      maxHeight={420}
      scrollable
      nothingFound="Nothing has this name."
      searchProps={{ placeholder: 'Find a page, an API, an application, a model, a call id', 'aria-label': 'Find' }}
    />
  )
}

function pageActions(query: string, goto: Goto): SpotlightActionData[] {
  const text = query.trim().toLowerCase()
  return PAGES.filter((page) => page.group && page.title.toLowerCase().includes(text)).map((page) => ({
    id: page.path,
    label: page.title,
    description: page.group === 'Start' ? 'Page' : `Page · ${page.group}`,
    leftSection: page.icon ? <page.icon size={16} aria-hidden /> : null,
    onClick: () => goto(page.path),
  }))
}

const KINDS = [
  { kind: 'api', title: 'API', path: '/apis/$api' },
  { kind: 'application', title: 'Application', path: '/applications/$application' },
  { kind: 'model', title: 'Model', path: '/models/$model' },
] as const

function useFound(query: string, goto: Goto): SpotlightActionData[] {
  const [search] = useDebouncedValue(query.trim(), 150)
  const options = { search, limit: 5, isEnabled: search.length > 0 }
  const answers = [useResources('api', options), useResources('application', options), useResources('model', options)]
  if (search === '') return []
  const resources = KINDS.flatMap(({ kind, title, path }, index) =>
    (answers[index]?.data?.items ?? []).map((item) => ({
      id: item.id,
      label: item.name,
      description: title,
      onClick: () => goto(path, { [kind]: item.name }),
    })),
  )
  return CALL_ID.test(search)
    ? [
        ...resources,
        { id: 'call', label: search, description: 'Call', onClick: () => goto('/calls/$call', { call: search }) },
      ]
    : resources
}
