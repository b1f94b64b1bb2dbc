import { Tooltip } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import PanelLeftClose from 'lucide-react/icons/panel-left-close'
import PanelLeftOpen from 'lucide-react/icons/panel-left-open'
import { PAGES, type PageEntry } from '../pages/list.ts'
import { PageLink } from '../ui/page-link.tsx'
import { BrandMark } from './brand.tsx'
import { TenantMenu } from './tenant-menu.tsx'

const GROUPS = ['Start', 'Traffic', 'Consumers', 'Control', 'Insight', 'Operate'] as const

interface NavigationProps {
  readonly isCollapsed: boolean
  readonly toggle: () => void
}

/** The pages of the list that belong to a group, tenant switcher on top. */
export function Navigation({ isCollapsed, toggle }: NavigationProps) {
  const Icon = isCollapsed ? PanelLeftOpen : PanelLeftClose
  return (
    <nav className="k-nav" aria-label="Pages">
      <PageLink to="/" className="k-brand">
        <BrandMark />
        <span className="k-nav-label">Konnect</span>
      </PageLink>
      <div className="k-nav-tenant">
        <TenantMenu />
      </div>
      {GROUPS.map((group) => (
        <NavigationGroup key={group} group={group} isCollapsed={isCollapsed} />
      ))}
      <div className="k-nav-end k-collapse">
        <button type="button" className="k-nav-link" onClick={toggle} aria-expanded={!isCollapsed}>
          <Icon size={16} aria-hidden />
          <span className={isCollapsed ? 'k-hidden' : ''}>{isCollapsed ? 'Expand' : 'Collapse'} navigation</span>
        </button>
      </div>
    </nav>
  )
}

function NavigationGroup({ group, isCollapsed }: { readonly group: string; readonly isCollapsed: boolean }) {
  const pages = PAGES.filter((page) => page.group === group)
  if (pages.length === 0) return null
  return (
    <>
      {group !== 'Start' && (
        <p className="k-nav-group">
          <span>{group}</span>
        </p>
      )}
      <ul aria-label={group}>
        {pages.map((page) => (
          <li key={page.path}>
            <NavigationLink page={page} isCollapsed={isCollapsed} />
          </li>
        ))}
      </ul>
    </>
  )
}

function NavigationLink({ page, isCollapsed }: { readonly page: PageEntry; readonly isCollapsed: boolean }) {
  const Icon = page.icon
  const exact = { exact: page.path === '/', includeSearch: false }
  return (
    <Tooltip label={page.title} position="right" disabled={!isCollapsed}>
      <Link to={page.path} className="k-nav-link" activeOptions={exact} aria-label={page.title}>
        {Icon && <Icon size={16} aria-hidden />}
        <span className="k-nav-label">{page.title}</span>
      </Link>
    </Tooltip>
  )
}
