import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { createContext, lazy, type ReactNode, Suspense, useCallback, useContext, useMemo, useState } from 'react'
import { useControl } from '../api/control.ts'
import type { ChangeRequest } from './change-request.ts'

const ChangeDialog = lazy(async () => ({ default: (await import('./change-dialog.tsx')).ChangeDialog }))

type Propose = (request: ChangeRequest) => Promise<void>

const ChangeContext = createContext<Propose>(() => Promise.reject(new Error('There is no change provider here')))

/**
 * Proposes a change of configuration: shows what it would change, publishes it once confirmed, then offers to undo it.
 * Rejects when the control plane refuses the preview, so that a form can show the faults; resolves once the dialog is
 * open.
 */
export const usePropose = (): Propose => useContext(ChangeContext)

interface OpenChange {
  readonly request: ChangeRequest
  readonly changes: Awaited<ReturnType<ChangeRequest['preview']>>['changes']
}

/** Holds the dialog that confirms changes. */
export function ChangeProvider({ children }: { readonly children: ReactNode }) {
  const [open, setOpen] = useState<OpenChange>()
  const publish = usePublish()
  const propose = useCallback<Propose>(async (request) => {
    const { changes } = await request.preview()
    setOpen({ request, changes })
  }, [])
  return (
    <ChangeContext value={propose}>
      {children}
      {open && (
        <Suspense fallback={null}>
          <ChangeDialog
            request={open.request}
            changes={open.changes}
            close={() => setOpen(undefined)}
            confirm={async () => {
              await publish(open.request)
              setOpen(undefined)
            }}
          />
        </Suspense>
      )}
    </ChangeContext>
  )
}

function usePublish() {
  const control = useControl()
  const queries = useQueryClient()
  return useMemo(() => {
    const undo = async (version: number) => {
      await control.snapshots.rollback(version)
      await queries.invalidateQueries()
      notifications.show({ message: `Undone. Version ${version} is served again.`, color: 'accent' })
    }
    return async (request: ChangeRequest) => {
      const former = (await control.snapshots.list({ limit: 1 })).items[0]?.version
      await request.run()
      await queries.invalidateQueries()
      request.onDone?.()
      notifications.show({
        message: <Done message={request.done} undo={former === undefined ? undefined : () => undo(former)} />,
        color: 'accent',
        withBorder: true,
      })
    }
  }, [control, queries])
}

function Done({ message, undo }: { readonly message: string; readonly undo: (() => Promise<void>) | undefined }) {
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string>()
  if (!undo) return message
  const run = async () => {
    setBusy(true)
    try {
      await undo()
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error))
    }
    setBusy(false)
  }
  return (
    <span className="k-row" data-spread>
      <span>{failure ?? message}</span>
      <Button size="compact-sm" variant="default" loading={isBusy} onClick={() => void run()}>
        Undo
      </Button>
    </span>
  )
}
