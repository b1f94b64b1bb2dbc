import { Tabs } from '@mantine/core'
import type { ReactNode } from 'react'
import { useSearchState } from '../url-state/use-search-state.ts'

/** One tab: rendered only while it is open. */
export interface UrlTab {
  readonly id: string
  readonly title: string
  readonly count?: number | undefined
  readonly content: () => ReactNode
}

/** Tabs whose choice stands in the address. */
export function UrlTabs({ tabs, label }: { readonly tabs: readonly UrlTab[]; readonly label: string }) {
  const [search, setSearch] = useSearchState()
  const first = tabs[0]?.id ?? ''
  const current = tabs.find((tab) => tab.id === search.tab)?.id ?? first
  return (
    <Tabs
      value={current}
      onChange={(id) => setSearch({ tab: id === first ? undefined : (id ?? undefined) })}
      keepMounted={false}
    >
      <Tabs.List aria-label={label}>
        {tabs.map((tab) => (
          <Tabs.Tab key={tab.id} value={tab.id}>
            {tab.title}
            {tab.count !== undefined && <span className="k-dim"> {tab.count}</span>}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map((tab) => (
        <Tabs.Panel key={tab.id} value={tab.id}>
          {tab.id === current && tab.content()}
        </Tabs.Panel>
      ))}
    </Tabs>
  )
}
