import './setup.css'
import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Navigate, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { controlFor } from '../../api/control.ts'
import { Gate } from '../../shell/gate.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { State } from '../../ui/state.tsx'
import { passwordRules } from './password-rules.ts'

const control = controlFor('default')

/** Creates the first administrator, with the one-time token of the setup link. */
export function SetupPage() {
  const search: { token?: string } = useSearch({ strict: false })
  const setup = useQuery({ queryKey: ['setup'], queryFn: () => control.setup.get(), staleTime: 0 })
  if (setup.data && !setup.data.needed) return <Navigate to="/sign-in" replace />
  if (!search.token) return <LinkNeeded />
  return (
    <Gate title="Create the first administrator" sentence="You will sign in with this. Nobody else has access yet.">
      <SetupForm token={search.token} />
    </Gate>
  )
}

function LinkNeeded() {
  return (
    <Gate title="Open the setup link" sentence="This gateway has no administrator yet.">
      <p>
        When it started for the first time, it printed a one-time link. Open that link to create the first
        administrator. In the log it looks like this:
      </p>
      <CodeBlock code={`${window.location.origin}/setup?token=…`} label="the shape of the link" />
      <p className="k-dim">If you lost it, restart the program: it prints a new one.</p>
    </Gate>
  )
}

function SetupForm({ token }: { readonly token: string }) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [error, setError] = useState<unknown>()
  const form = useForm({ initialValues: { name: '', email: '', password: '' } })
  const rules = passwordRules(form.values.password, form.values.email)
  const create = async (values: { name: string; email: string; password: string }) => {
    setError(undefined)
    try {
      await control.setup.complete({ token, ...values })
      queries.clear()
      await navigate({ to: '/' })
    } catch (refusal) {
      setError(refusal)
    }
  }
  return (
    <form onSubmit={form.onSubmit(create)} className="k-stack">
      <TextInput label="Name" autoComplete="name" required {...form.getInputProps('name')} />
      <TextInput label="E-mail" type="email" autoComplete="username" required {...form.getInputProps('email')} />
      <PasswordInput
        label="Password"
        autoComplete="new-password"
        required
        aria-describedby="password-rules"
        {...form.getInputProps('password')}
      />
      <ul id="password-rules" className="k-rules" aria-live="polite">
        {rules.map((rule) => (
          <li key={rule.text}>
            <State tone={rule.isMet ? 'good' : 'neutral'}>
              {rule.text}
              <span className="k-hidden">{rule.isMet ? ', fulfilled' : ', not fulfilled yet'}</span>
            </State>
          </li>
        ))}
      </ul>
      {error !== undefined && <ErrorState error={error} />}
      <Button type="submit" loading={form.submitting} disabled={rules.some((rule) => !rule.isMet)}>
        Create administrator
      </Button>
    </form>
  )
}
