import { PageHeader } from '../../ui/page-header.tsx'
import { UrlTabs } from '../../ui/url-tabs.tsx'
import { TenantList } from './tenant-list.tsx'
import { TokenList } from './token-list.tsx'

/** What concerns the installation as a whole. */
export function SettingsPage() {
  return (
    <>
      <PageHeader title="Settings">Access for automation, and the tenants that share this gateway.</PageHeader>
      <UrlTabs
        label="Settings"
        tabs={[
          { id: 'tokens', title: 'API tokens', content: () => <TokenList /> },
          { id: 'tenants', title: 'Tenants', content: () => <TenantList /> },
        ]}
      />
    </>
  )
}
