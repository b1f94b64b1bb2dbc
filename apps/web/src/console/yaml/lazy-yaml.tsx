import { type ComponentProps, lazy, Suspense } from 'react'
import { Loading } from '../ui/query-view.tsx'

const YamlView = lazy(async () => ({ default: (await import('./yaml-view.tsx')).YamlView }))

/** {@link YamlView}, loaded when someone wants to see it. */
export const LazyYaml = (props: ComponentProps<typeof YamlView>) => (
  <Suspense fallback={<Loading rows={3} />}>
    <YamlView {...props} />
  </Suspense>
)
