import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { GatewayError, type SecretBox } from '@konnect/contract'

const PREFIX = 'sealed:v1:'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce for each secret. `key` has 32 bytes. */
export function createSecretBox(key: Buffer): SecretBox {
  const isSealed = (text: string): boolean => text.startsWith(PREFIX)
  return {
    isSealed,
    seal(plain) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      const sealed = Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return PREFIX + sealed.toString('base64url')
    },
    open(sealed) {
      if (!isSealed(sealed)) throw new GatewayError('secret_unreadable', { reason: 'The text is not a sealed secret' })
      const bytes = Buffer.from(sealed.slice(PREFIX.length), 'base64url')
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES))
        decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES))
        const plain = decipher.update(bytes.subarray(NONCE_BYTES, bytes.length - TAG_BYTES))
        return Buffer.concat([plain, decipher.final()]).toString('utf8')
      } catch (cause) {
        throw new GatewayError('secret_unreadable', { cause })
      }
    },
  }
}
