import { ActionIcon, Menu } from '@mantine/core'
import LogOut from 'lucide-react/icons/log-out'
import User from 'lucide-react/icons/user-round'
import { useControl } from '../api/control.ts'
import { useSession } from '../api/queries.ts'
import { attempt } from '../change/attempt.ts'

/** Who is signed in, and the way out. */
export function UserMenu() {
  const user = useSession().data?.user
  const control = useControl()
  const signOut = async () => {
    await control.session.signOut()
    // A fresh page, so that nothing of what this user saw stays in memory.
    window.location.assign('/sign-in')
  }
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`Account: ${user?.name ?? 'API token'}`}>
          <User size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {user?.name ?? 'API token'}
          <br />
          {user?.email}
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item leftSection={<LogOut size={14} aria-hidden />} onClick={() => void attempt(signOut)}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
