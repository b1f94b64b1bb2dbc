import { lazyRouteComponent as lazy, type RouteComponent } from '@tanstack/react-router'
import AppWindow from 'lucide-react/icons/app-window'
import FlaskConical from 'lucide-react/icons/flask-conical'
import Gauge from 'lucide-react/icons/gauge'
import History from 'lucide-react/icons/history'
import LibraryBig from 'lucide-react/icons/library-big'
import List from 'lucide-react/icons/list'
import Plug from 'lucide-react/icons/plug'
import ScrollText from 'lucide-react/icons/scroll-text'
import Server from 'lucide-react/icons/server'
import Settings from 'lucide-react/icons/settings'
import Shield from 'lucide-react/icons/shield'
import Sparkles from 'lucide-react/icons/sparkles'
import Waypoints from 'lucide-react/icons/waypoints'
import type { ComponentType } from 'react'

/** One page of the console. A page with a `group` has a place in the navigation. */
export interface PageEntry {
  /** Path with `$name` for what varies. */
  readonly path: string
  readonly title: string
  readonly access: 'public' | 'user'
  readonly group?: 'Start' | 'Traffic' | 'Consumers' | 'Control' | 'Insight' | 'Operate'
  readonly icon?: ComponentType<{ size?: number | string; 'aria-hidden'?: boolean }>
  /** Loaded when the page is first visited. */
  readonly component: RouteComponent
}

/** Every page: one line each. The router, the navigation, the palette and the browser tests are derived from it. */
// biome-ignore format: one page, one line
export const PAGES: readonly PageEntry[] = [
  { path: '/sign-in', title: 'Sign in', access: 'public', component: lazy(() => import('./sign-in/sign-in-page.tsx'), 'SignInPage') },
  { path: '/setup', title: 'Set up', access: 'public', component: lazy(() => import('./setup/setup-page.tsx'), 'SetupPage') },
  { path: '/', title: 'Overview', access: 'user', group: 'Start', icon: Gauge, component: lazy(() => import('./overview/overview-page.tsx'), 'OverviewPage') },
  { path: '/apis', title: 'APIs', access: 'user', group: 'Traffic', icon: Waypoints, component: lazy(() => import('./apis/apis-page.tsx'), 'ApisPage') },
  { path: '/apis/new', title: 'Create API', access: 'user', component: lazy(() => import('./api-new/api-new-page.tsx'), 'ApiNewPage') },
  { path: '/apis/$api', title: 'API', access: 'user', component: lazy(() => import('./api/api-page.tsx'), 'ApiPage') },
  { path: '/models', title: 'Models', access: 'user', group: 'Traffic', icon: Sparkles, component: lazy(() => import('./models/models-page.tsx'), 'ModelsPage') },
  { path: '/models/$model', title: 'Model', access: 'user', component: lazy(() => import('./model/model-page.tsx'), 'ModelPage') },
  { path: '/model-catalogue', title: 'Model catalogue', access: 'user', group: 'Traffic', icon: LibraryBig, component: lazy(() => import('./model-catalogue/model-catalogue-page.tsx'), 'ModelCataloguePage') },
  { path: '/playground', title: 'Playground', access: 'user', group: 'Traffic', icon: FlaskConical, component: lazy(() => import('./playground/playground-page.tsx'), 'PlaygroundPage') },
  { path: '/applications', title: 'Applications', access: 'user', group: 'Consumers', icon: AppWindow, component: lazy(() => import('./applications/applications-page.tsx'), 'ApplicationsPage') },
  { path: '/applications/$application', title: 'Application', access: 'user', component: lazy(() => import('./application/application-page.tsx'), 'ApplicationPage') },
  { path: '/policies', title: 'Policies', access: 'user', group: 'Control', icon: Shield, component: lazy(() => import('./policies/policies-page.tsx'), 'PoliciesPage') },
  { path: '/providers', title: 'Providers', access: 'user', group: 'Control', icon: Plug, component: lazy(() => import('./providers/providers-page.tsx'), 'ProvidersPage') },
  { path: '/providers/$provider', title: 'Provider', access: 'user', component: lazy(() => import('./provider/provider-page.tsx'), 'ProviderPage') },
  { path: '/calls', title: 'Calls', access: 'user', group: 'Insight', icon: List, component: lazy(() => import('./calls/calls-page.tsx'), 'CallsPage') },
  { path: '/calls/$call', title: 'Call', access: 'user', component: lazy(() => import('./call/call-page.tsx'), 'CallPage') },
  { path: '/gateways', title: 'Gateways', access: 'user', group: 'Operate', icon: Server, component: lazy(() => import('./gateways/gateways-page.tsx'), 'GatewaysPage') },
  { path: '/releases', title: 'Releases', access: 'user', group: 'Operate', icon: History, component: lazy(() => import('./releases/releases-page.tsx'), 'ReleasesPage') },
  { path: '/releases/$version', title: 'Release', access: 'user', component: lazy(() => import('./release/release-page.tsx'), 'ReleasePage') },
  { path: '/audit', title: 'Audit', access: 'user', group: 'Operate', icon: ScrollText, component: lazy(() => import('./audit/audit-page.tsx'), 'AuditPage') },
  { path: '/settings', title: 'Settings', access: 'user', group: 'Operate', icon: Settings, component: lazy(() => import('./settings/settings-page.tsx'), 'SettingsPage') },
]
