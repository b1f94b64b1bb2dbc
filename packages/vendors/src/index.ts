import type { Vendor } from '@konnect/sdk'
import { anthropic } from './anthropic/vendor.ts'
import { cohere } from './cohere/vendor.ts'
import { ollamaNative } from './ollama-native/vendor.ts'
import { openai } from './openai/vendor.ts'
import { openaiCompatible } from './openai-compatible/vendor.ts'

/** Every vendor; a new one joins here and nowhere else. */
export const vendors: readonly Vendor[] = [openai, anthropic, openaiCompatible, cohere, ollamaNative]
