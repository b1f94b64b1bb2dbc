import { PageHeader } from '../ui/page-header.tsx'
import { PageLink } from '../ui/page-link.tsx'

/** For addresses that no page has. */
export function NotFound() {
  return (
    <>
      <PageHeader title="No such page">The address does not belong to any page of the console.</PageHeader>
      <PageLink to="/">Go to the overview</PageLink>
    </>
  )
}
