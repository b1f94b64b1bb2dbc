import { ControlApiError } from '@konnect/client'
import { notifications } from '@mantine/notifications'

/** Runs an act that a button started, and tells when it was refused. */
export async function attempt(act: () => Promise<unknown>): Promise<void> {
  try {
    await act()
  } catch (error) {
    const told = error instanceof ControlApiError ? error : undefined
    const details = told?.errors.map((fault) => `${fault.path} ${fault.message}`.trim()).join(' ')
    notifications.show({
      title: told?.title ?? 'That did not work',
      message: `${told?.detail ?? (error instanceof Error ? error.message : String(error))} ${details ?? ''}`.trim(),
      color: 'red',
      autoClose: 12_000,
      withBorder: true,
    })
  }
}
