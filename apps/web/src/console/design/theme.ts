import { createTheme, type MantineColorsTuple } from '@mantine/core'

/*
 * The values live in tokens.css, as CSS variables, because the console's content security policy forbids style elements
 * written by script. Here Mantine only learns their names.
 */
const ramp = (name: string): MantineColorsTuple => {
  const shade = (index: number) => `var(--k-${name}-${index})`
  return [shade(0), shade(1), shade(2), shade(3), shade(4), shade(5), shade(6), shade(7), shade(8), shade(9)]
}

/** Mantine's view of the design tokens. */
export const theme = createTheme({
  primaryColor: 'accent',
  colors: { accent: ramp('accent') },
  fontFamily: 'var(--k-font)',
  fontFamilyMonospace: 'var(--k-font-mono)',
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'sm', variant: 'filled' } },
    TextInput: { defaultProps: { size: 'sm' } },
    Tooltip: { defaultProps: { openDelay: 200, withArrow: false, events: { hover: true, focus: true, touch: true } } },
    // Locking the page's scroll bar writes a style element, which the content security policy refuses.
    Modal: { defaultProps: { lockScroll: false, centered: true, closeButtonProps: { 'aria-label': 'Close' } } },
    Drawer: {
      defaultProps: { lockScroll: false, position: 'right', closeButtonProps: { 'aria-label': 'Close' } },
    },
    Select: { defaultProps: { checkIconPosition: 'right' } },
  },
})
