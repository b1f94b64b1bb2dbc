import {
  createRootRoute,
  createRoute,
  createRouter,
  type ErrorComponentProps,
  Outlet,
  retainSearchParams,
} from '@tanstack/react-router'
import { PAGES } from './pages/list.ts'
import { NotFound } from './shell/not-found.tsx'
import { Shell } from './shell/shell.tsx'
import { ErrorState } from './ui/error-state.tsx'
import { parseSearch, stringifySearch } from './url-state/search.ts'

const root = createRootRoute({
  component: Outlet,
  notFoundComponent: NotFound,
  validateSearch: (search: Record<string, unknown>): Record<string, string> => search as Record<string, string>,
  search: { middlewares: [retainSearchParams(['tenant'])] },
})

const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell, notFoundComponent: NotFound })

// Inside the shell, so that whoever went astray still has the navigation.
const elsewhere = createRoute({ getParentRoute: () => shell, path: '$', component: NotFound })

const routesOf = (access: 'public' | 'user', parent: typeof root | typeof shell) =>
  PAGES.filter((page) => page.access === access).map((page) =>
    createRoute({ getParentRoute: () => parent as typeof root, path: page.path, component: page.component }),
  )

const PageError = ({ error, reset }: ErrorComponentProps) => <ErrorState error={error} retry={reset} />

/** Every page of the list at its path; signed-in pages stand inside the shell. */
export const router = createRouter({
  routeTree: root.addChildren([
    ...routesOf('public', root),
    shell.addChildren([...routesOf('user', shell), elsewhere]),
  ]),
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  defaultPendingMs: 150,
  defaultErrorComponent: PageError,
  scrollRestoration: true,
})
