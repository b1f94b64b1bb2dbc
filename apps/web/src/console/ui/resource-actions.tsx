import { ActionIcon, Menu } from '@mantine/core'
import Ellipsis from 'lucide-react/icons/ellipsis'
import Trash from 'lucide-react/icons/trash-2'

/** Acts that are rarely needed, behind a menu. */
export function ResourceActions({ name, remove }: { readonly name: string; readonly remove: () => void }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="default" size={32} aria-label={`More acts on ${name}`}>
          <Ellipsis size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item color="red" leftSection={<Trash size={14} aria-hidden />} onClick={remove}>
          Delete {name}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
