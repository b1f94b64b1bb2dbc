import { ActionIcon, type MantineColorScheme, Menu, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import Check from 'lucide-react/icons/check'
import Moon from 'lucide-react/icons/moon'
import Sun from 'lucide-react/icons/sun'

const SCHEMES: readonly { readonly id: MantineColorScheme; readonly title: string }[] = [
  { id: 'light', title: 'Light' },
  { id: 'dark', title: 'Dark' },
  { id: 'auto', title: 'As the system' },
]

/** Light, dark, or as the system has it. */
export function ColorSchemeMenu() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const Icon = useComputedColorScheme('light') === 'dark' ? Moon : Sun
  return (
    <Menu position="bottom-end" width={180}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Colours">
          <Icon size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {SCHEMES.map((scheme) => (
          <Menu.Item
            key={scheme.id}
            rightSection={scheme.id === colorScheme ? <Check size={14} aria-label="chosen" /> : null}
            onClick={() => setColorScheme(scheme.id)}
          >
            {scheme.title}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
