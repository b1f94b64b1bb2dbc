import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Navigate, useRouter, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { controlFor } from '../../api/control.ts'
import { Gate } from '../../shell/gate.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { safeNext } from './safe-next.ts'

const control = controlFor('default')

/** Sign-in with e-mail and password. Leads to the setup page while there is no administrator. */
export function SignInPage() {
  const setup = useQuery({ queryKey: ['setup'], queryFn: () => control.setup.get(), staleTime: 0 })
  if (setup.data?.needed) return <Navigate to="/setup" replace />
  return (
    <Gate title="Sign in" sentence="to the console of this gateway.">
      <SignInForm />
    </Gate>
  )
}

function SignInForm() {
  const search: { next?: string } = useSearch({ strict: false })
  const queries = useQueryClient()
  const router = useRouter()
  const [error, setError] = useState<unknown>()
  const form = useForm({ initialValues: { email: '', password: '' } })
  const signIn = async (values: { email: string; password: string }) => {
    setError(undefined)
    try {
      await control.session.signIn(values)
      queries.clear()
      router.history.push(safeNext(search.next))
    } catch (refusal) {
      setError(refusal)
    }
  }
  return (
    <form onSubmit={form.onSubmit(signIn)} className="k-stack">
      <TextInput label="E-mail" type="email" autoComplete="username" required {...form.getInputProps('email')} />
      <PasswordInput label="Password" autoComplete="current-password" required {...form.getInputProps('password')} />
      {error !== undefined && <ErrorState error={error} />}
      <Button type="submit" loading={form.submitting}>
        Sign in
      </Button>
    </form>
  )
}
