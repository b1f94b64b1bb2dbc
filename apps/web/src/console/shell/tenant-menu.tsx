import { Menu } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import Building from 'lucide-react/icons/building-2'
import Check from 'lucide-react/icons/check'
import ChevronsUpDown from 'lucide-react/icons/chevrons-up-down'
import { isDefaultTenant, useTenant } from '../api/control.ts'
import { useSession } from '../api/queries.ts'

/** The tenant you work in, and the way to another one. It stands in the address, so that links lead to the same place. */
export function TenantMenu() {
  const current = useTenant()
  const tenants = useSession().data?.tenants ?? []
  const navigate = useNavigate()
  const titleOf = (name: string) => tenants.find((tenant) => tenant.name === name)?.title ?? name
  const choose = (name: string) =>
    void navigate({ to: '/', search: { tenant: isDefaultTenant(name) ? undefined : name } as never })
  return (
    <Menu position="bottom-start" width={200}>
      <Menu.Target>
        <button type="button" className="k-tenant-button" aria-label={`Tenant: ${titleOf(current)}`}>
          <Building size={16} aria-hidden />
          <span>{titleOf(current)}</span>
          <ChevronsUpDown size={14} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Work in tenant</Menu.Label>
        {tenants.map((tenant) => (
          <Menu.Item
            key={tenant.id}
            rightSection={tenant.name === current ? <Check size={14} aria-label="current" /> : null}
            onClick={() => choose(tenant.name)}
          >
            {tenant.title ?? tenant.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
