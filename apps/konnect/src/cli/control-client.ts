import { readFileSync } from 'node:fs'
import { ControlApiError, type ControlClient, createClient } from '@konnect/client'
import { type ApplyResult, GatewayError } from '@konnect/contract'
import { definedEnvironment } from '../runtime/environment.ts'
import type { Settings } from './flags.ts'

/** The control API that `--control` and `KONNECT_API_TOKEN` name. */
export function controlClient(settings: Settings): ControlClient {
  const tenant = settings.text('tenant')
  return createClient({
    baseUrl: settings.required('control').replace(/\/+$/, ''),
    token: settings.required('api-token'),
    ...(tenant === undefined ? {} : { tenant }),
  })
}

/**
 * Reads the declarative file of `-f` and hands it to the control plane. Syntax and `${env:NAME}` are dealt with here, so
 * that the environment is this one; faults that the control plane finds get file, line and column as well.
 */
export async function sendConfig(settings: Settings, verb: 'apply' | 'diff' | 'validate'): Promise<ApplyResult> {
  const given = settings.required('file')
  const file = given === '-' ? 'standard input' : given
  // Loaded late: the parser comes with the control plane, which no other verb needs.
  const { parseConfigFile } = await import('@konnect/control')
  const config = parseConfigFile(readFileSync(given === '-' ? 0 : given, 'utf8'), { file, env: definedEnvironment() })
  try {
    return await controlClient(settings).config[verb]({ document: config.document, prune: settings.isOn('prune') })
  } catch (error) {
    if (!(error instanceof ControlApiError) || error.code !== 'validation_failed') throw error
    throw new GatewayError('validation_failed', { detail: error.detail, errors: config.faultsAt(error.errors) })
  }
}
