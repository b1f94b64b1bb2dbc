import './shell.css'
import { ControlApiError } from '@konnect/client'
import { ActionIcon } from '@mantine/core'
import { useDisclosure, useLocalStorage } from '@mantine/hooks'
import { Navigate, Outlet, useLocation } from '@tanstack/react-router'
import Menu from 'lucide-react/icons/menu'
import { useEffect, useMemo, useState } from 'react'
import { useSession } from '../api/queries.ts'
import { ChangeProvider } from '../change/change-provider.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { Loading } from '../ui/query-view.tsx'
import { ColorSchemeMenu } from './color-scheme-menu.tsx'
import { Navigation } from './navigation.tsx'
import { Palette, PaletteButton } from './palette.tsx'
import { UserMenu } from './user-menu.tsx'

/** Everything around a page: navigation, tenant, palette. Sends whoever is not signed in to the sign-in page. */
export function Shell() {
  const session = useSession()
  const location = useLocation()
  if (session.isError) return <WithoutSession error={session.error} retry={() => void session.refetch()} />
  if (!session.data) return <Loading rows={0} />
  return (
    <ChangeProvider>
      <Frame key="frame" path={location.pathname} />
    </ChangeProvider>
  )
}

function WithoutSession({ error, retry }: { readonly error: Error; readonly retry: () => void }) {
  const location = useLocation()
  // Where the user was; the location itself changes as soon as the way to the sign-in page begins.
  const [href] = useState(location.href)
  const search = useMemo(() => (href === '/' ? {} : { next: href }), [href])
  if (error instanceof ControlApiError && error.status === 401)
    return <Navigate to="/sign-in" search={search} replace />
  return (
    <div className="k-gate">
      <main>
        <ErrorState error={error} retry={retry} />
      </main>
    </div>
  )
}

function Frame({ path }: { readonly path: string }) {
  const [isCollapsed, setCollapsed] = useLocalStorage({ key: 'konnect-nav-collapsed', defaultValue: false })
  const [isOpen, open] = useDisclosure(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the menu closes whenever the page changes
  useEffect(open.close, [path])
  return (
    <div className="k-shell" data-collapsed={isCollapsed || undefined} data-open={isOpen || undefined}>
      <a className="k-skip" href="#main">
        Skip to the content
      </a>
      <Navigation isCollapsed={isCollapsed} toggle={() => setCollapsed(!isCollapsed)} />
      <button type="button" className="k-scrim" aria-label="Close the menu" onClick={open.close} />
      <header className="k-top">
        <ActionIcon
          className="k-menu-button"
          variant="subtle"
          color="gray"
          aria-label="Open the menu"
          onClick={open.open}
        >
          <Menu size={18} aria-hidden />
        </ActionIcon>
        <PaletteButton />
        <div className="k-top-end">
          <ColorSchemeMenu />
          <UserMenu />
        </div>
      </header>
      <main className="k-main" id="main" tabIndex={-1}>
        <Outlet />
      </main>
      <Palette />
    </div>
  )
}
