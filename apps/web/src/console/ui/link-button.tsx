import { Button, type ButtonProps } from '@mantine/core'
import { Link } from '@tanstack/react-router'

interface LinkButtonProps extends ButtonProps {
  readonly to: string
  readonly params?: Readonly<Record<string, string>>
  readonly search?: Readonly<Record<string, string>>
}

/** A link that looks like a button, for the primary act that is a page of its own. */
export function LinkButton({ to, params, search, children, ...rest }: LinkButtonProps) {
  return (
    <Button {...rest} component={Link} {...({ to, params: params ?? {}, search: search ?? {} } as object)}>
      {children}
    </Button>
  )
}
