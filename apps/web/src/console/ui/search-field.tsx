import { CloseButton, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import Search from 'lucide-react/icons/search'
import { useState } from 'react'
import { useSearchState } from '../url-state/use-search-state.ts'

interface SearchFieldProps {
  readonly label: string
  /** Name in the address. */
  readonly name?: string
}

/** A search that the server carries out; its text stands in the address. */
export function SearchField({ label, name = 'search' }: SearchFieldProps) {
  const [search, setSearch] = useSearchState()
  const [text, setText] = useState(search[name] ?? '')
  const apply = useDebouncedCallback((value: string) => setSearch({ [name]: value.trim() }), 250)
  const change = (value: string) => {
    setText(value)
    apply(value)
  }
  return (
    <TextInput
      className="k-search"
      aria-label={label}
      placeholder={label}
      value={text}
      leftSection={<Search size={14} aria-hidden />}
      rightSection={
        text === '' ? null : <CloseButton size="sm" aria-label="Clear the search" onClick={() => change('')} />
      }
      onChange={(event) => change(event.currentTarget.value)}
    />
  )
}
