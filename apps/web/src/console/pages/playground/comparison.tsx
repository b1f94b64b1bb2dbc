import type { TypedResource } from '@konnect/client'
import { Button, MultiSelect, NumberInput, Select, Textarea } from '@mantine/core'
import Play from 'lucide-react/icons/play'
import Square from 'lucide-react/icons/square'
import { type FormEvent, useState } from 'react'
import { type PlaygroundInput, useComparison } from '../../playground/use-playground.ts'
import { useSearchState } from '../../url-state/use-search-state.ts'
import { callableNames, MAX_LANES, readSettings } from './comparison-settings.ts'
import { Lane } from './lane.tsx'

interface ComparisonProps {
  /** Names; at least one. */
  readonly applications: readonly string[]
  readonly models: readonly TypedResource<'model'>[]
}

/** The form and a lane for each chosen model. The address holds the settings and never what was written. */
export function Comparison({ applications, models }: ComparisonProps) {
  const [search, setSearch] = useSearchState()
  const names = callableNames(models)
  const settings = readSettings(search, { applications, models: names })
  const [system, setSystem] = useState('')
  const [prompt, setPrompt] = useState('Explain in two sentences what an API gateway does.')
  const [sent, setSent] = useState<readonly PlaygroundInput[]>([])
  const { runs, send, stop } = useComparison()
  const isRunning = runs.some(({ state }) => state === 'waiting' || state === 'streaming')
  const { application, temperature, maxTokens } = settings
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const options = {
      ...(temperature === undefined ? {} : { temperature }),
      ...(maxTokens === undefined ? {} : { maxTokens }),
    }
    const inputs = settings.models.map((model) => ({ application, model, system, prompt, ...options }))
    setSent(inputs)
    void send(inputs)
  }
  return (
    <div className="k-stack">
      <form className="k-panel k-stack" onSubmit={submit}>
        <SettingFields settings={settings} names={names} applications={applications} set={setSearch} />
        <Textarea label="System" rows={2} value={system} onChange={(event) => setSystem(event.currentTarget.value)} />
        <Textarea label="Prompt" rows={4} value={prompt} onChange={(event) => setPrompt(event.currentTarget.value)} />
        <div className="k-row">
          {isRunning ? (
            <Button variant="default" leftSection={<Square size={14} aria-hidden />} onClick={stop}>
              Stop
            </Button>
          ) : (
            <Button
              type="submit"
              disabled={settings.models.length === 0 || prompt === ''}
              leftSection={<Play size={14} aria-hidden />}
            >
              Send
            </Button>
          )}
          <span className="k-dim k-small">The address keeps these settings, but nothing that you write.</span>
        </div>
      </form>
      <div className="k-lanes">
        {sent.map(({ model }, index) => {
          const run = runs[index]
          return run && <Lane key={model} model={model} run={run} />
        })}
      </div>
    </div>
  )
}

interface SettingFieldsProps {
  readonly settings: ReturnType<typeof readSettings>
  /** Of models that can be called. */
  readonly names: readonly string[]
  readonly applications: readonly string[]
  readonly set: ReturnType<typeof useSearchState>[1]
}

/** What the address keeps. */
function SettingFields({ settings, names, applications, set }: SettingFieldsProps) {
  return (
    <div className="k-row k-gaps">
      <MultiSelect
        label="Models"
        description={`Up to ${MAX_LANES}, side by side.`}
        data={names}
        value={[...settings.models]}
        maxValues={MAX_LANES}
        searchable
        hidePickedOptions
        flex="3 1 280px"
        onChange={(chosen) => set({ models: chosen.join(' ') })}
      />
      <Select
        label="As application"
        description="Its subscriptions, limits and budgets apply."
        data={[...applications]}
        value={settings.application}
        allowDeselect={false}
        flex="2 1 220px"
        onChange={(chosen) => set({ application: chosen ?? undefined })}
      />
      <NumberInput
        label="Temperature"
        description="The model's own when empty."
        min={0}
        max={2}
        step={0.1}
        flex="1 1 160px"
        value={settings.temperature ?? ''}
        onChange={(next) => set({ temperature: String(next) })}
      />
      <NumberInput
        label="Most tokens"
        description="The model's own when empty."
        min={1}
        max={1_000_000}
        allowDecimal={false}
        flex="1 1 160px"
        value={settings.maxTokens ?? ''}
        onChange={(next) => set({ maxTokens: String(next) })}
      />
    </div>
  )
}
