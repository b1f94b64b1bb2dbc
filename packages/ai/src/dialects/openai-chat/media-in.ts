import type { JsonObject } from '@konnect/contract'
import { parseDataUrl } from '../../canonical/media.ts'
import type { ImagePart } from '../../canonical/request.ts'
import type { AnswerMedium, SpeechPart } from '../../canonical/response.ts'
import { objectOf, objectsOf, textOf } from '../../json/access.ts'

/** What the model drew (`images`, a convention of several vendors) and spoke (`audio`), from a message or a delta. */
export const readMedia = (holder: JsonObject): AnswerMedium[] => [
  ...objectsOf(holder.images).flatMap(readImage),
  ...readSpeech(objectOf(holder.audio)),
]

function readImage(image: JsonObject): ImagePart[] {
  const url = textOf(objectOf(image.image_url).url)
  return url ? [{ type: 'image', source: parseDataUrl(url) ?? { kind: 'url', url } }] : []
}

// In which form the sound is stands in the request alone.
function readSpeech(audio: JsonObject): SpeechPart[] {
  const data = textOf(audio.data) ?? ''
  const transcript = textOf(audio.transcript) ?? ''
  return data + transcript === '' ? [] : [{ type: 'speech', mediaType: 'application/octet-stream', data, transcript }]
}
