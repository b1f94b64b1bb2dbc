import { ControlApiError } from '@konnect/client'
import { QueryClient } from '@tanstack/react-query'

/** What the console has read. A refusal is final; only a control plane that gave no answer is asked again. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      refetchOnWindowFocus: true,
      retry: (failures, error) => failures < 2 && error instanceof ControlApiError && error.status === 0,
    },
  },
})
