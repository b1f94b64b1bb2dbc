import './policies.css'
import { ActionIcon, Button, Switch } from '@mantine/core'
import ArrowDown from 'lucide-react/icons/arrow-down'
import ArrowUp from 'lucide-react/icons/arrow-up'
import Pencil from 'lucide-react/icons/pencil'
import Trash from 'lucide-react/icons/trash-2'
import { type ReactNode, useState } from 'react'
import { useCatalog } from '../api/queries.ts'
import { attempt } from '../change/attempt.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { PolicyDrawer } from './policy-drawer.tsx'
import { type PolicyUse, settingsText } from './policy-text.ts'

interface PolicyListProps {
  readonly policies: readonly PolicyUse[]
  /** Proposes the whole list in its new form. */
  readonly save: (policies: readonly PolicyUse[]) => Promise<void>
  /** Where they hold, to end the sentence "Policies run for every request …". */
  readonly where: string
}

type Open = { readonly index: number } | 'new' | undefined

/** Policies in order: add from the catalog, edit, order, switch off, remove. Every change is shown before it is published. */
export function PolicyList({ policies, save, where }: PolicyListProps) {
  const [open, setOpen] = useState<Open>()
  const edited = typeof open === 'object' ? policies[open.index] : undefined
  const saveOne = async (policy: PolicyUse) => {
    await save(typeof open === 'object' ? policies.with(open.index, policy) : [...policies, policy])
    setOpen(undefined)
  }
  const move = (from: number, to: number) => {
    const policy = policies[from]
    if (policy) void attempt(() => save(policies.toSpliced(from, 1).toSpliced(to, 0, policy)))
  }
  const add = <Button onClick={() => setOpen('new')}>Add policy</Button>
  return (
    <div className="k-stack">
      {policies.length === 0 ? (
        <EmptyState title="No policy here" action={add}>
          Policies run for every request {where}: they authenticate, limit, check and change it.
        </EmptyState>
      ) : (
        <>
          <div className="k-row" data-spread>
            <p className="k-dim k-small">Within a phase they run from top to bottom.</p>
            {add}
          </div>
          <ol className="k-policies">
            {policies.map((policy, index) => (
              <PolicyRow
                // biome-ignore lint/suspicious/noArrayIndexKey: the same policy may stand here twice
                key={`${policy.use} ${index}`}
                policy={policy}
                place={index + 1}
                toggle={(enabled) =>
                  void attempt(() => save(policies.with(index, enabled ? withoutOff(policy) : { ...policy, enabled })))
                }
                edit={() => setOpen({ index })}
                remove={() => void attempt(() => save(policies.toSpliced(index, 1)))}
              >
                <Act label="Move up" isOff={index === 0} act={() => move(index, index - 1)}>
                  <ArrowUp size={14} aria-hidden />
                </Act>
                <Act label="Move down" isOff={index === policies.length - 1} act={() => move(index, index + 1)}>
                  <ArrowDown size={14} aria-hidden />
                </Act>
              </PolicyRow>
            ))}
          </ol>
        </>
      )}
      {open && <PolicyDrawer policy={edited} close={() => setOpen(undefined)} save={saveOne} />}
    </div>
  )
}

function withoutOff(policy: PolicyUse): PolicyUse {
  const { enabled: _off, ...rest } = policy
  return rest
}

interface PolicyRowProps {
  readonly policy: PolicyUse
  readonly place: number
  readonly toggle: (enabled: boolean) => void
  readonly edit: () => void
  readonly remove: () => void
  /** Further acts. */
  readonly children?: ReactNode
}

/** One policy in a list. */
export function PolicyRow({ policy, place, toggle, edit, remove, children }: PolicyRowProps) {
  const description = useCatalog().data?.policies.find((candidate) => candidate.id === policy.use)
  const title = description?.title ?? policy.use
  const isOn = policy.enabled !== false
  return (
    <li className="k-policy" data-off={!isOn || undefined}>
      <span className="k-policy-place">{place}</span>
      <div className="k-policy-text">
        <div className="k-row">
          <strong>{title}</strong>
          {description?.phases.map((phase) => (
            <span className="k-tag" key={phase}>
              {phase}
            </span>
          ))}
        </div>
        <p className="k-policy-settings">{settingsText(policy.with)}</p>
      </div>
      <div className="k-policy-acts">
        <Switch
          aria-label={`${title} is on`}
          checked={isOn}
          onChange={(event) => toggle(event.currentTarget.checked)}
          size="sm"
          mr={4}
        />
        {children}
        <Act label={`Edit ${title}`} act={edit}>
          <Pencil size={14} aria-hidden />
        </Act>
        <Act label={`Remove ${title}`} act={remove}>
          <Trash size={14} aria-hidden />
        </Act>
      </div>
    </li>
  )
}

interface ActProps {
  readonly label: string
  readonly isOff?: boolean
  readonly act: () => void
  readonly children: ReactNode
}

const Act = ({ label, isOff = false, act, children }: ActProps) => (
  <ActionIcon variant="subtle" color="gray" aria-label={label} disabled={isOff} onClick={act}>
    {children}
  </ActionIcon>
)
