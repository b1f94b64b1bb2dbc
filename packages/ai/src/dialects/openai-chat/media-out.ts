import type { JsonObject } from '@konnect/contract'
import { dataUrlOf } from '../../canonical/media.ts'
import type { ImagePart } from '../../canonical/request.ts'
import type { AnswerIdentity, SpeechPart } from '../../canonical/response.ts'

/** Writes an image as several vendors of this format do, and their clients read it. */
export function writeImage({ source }: ImagePart, index: number): JsonObject {
  const url =
    source.kind === 'base64' ? dataUrlOf(source.mediaType, source.data) : source.kind === 'url' ? source.url : ''
  return { type: 'image_url', index, image_url: { url } }
}

/** Writes the sound of a message, of which there is one; nobody can refer to it later. */
export const writeSpeech = (parts: readonly SpeechPart[], identity: AnswerIdentity): JsonObject => ({
  ...writeSpeechPiece(parts, identity),
  expires_at: identity.createdS,
})

/** Writes a piece of it. */
export const writeSpeechPiece = (parts: readonly SpeechPart[], { requestId }: AnswerIdentity): JsonObject => ({
  id: `audio_${requestId}`,
  data: Buffer.concat(parts.map(({ data }) => Buffer.from(data, 'base64'))).toString('base64'),
  transcript: parts.map(({ transcript }) => transcript).join(''),
})
