import { UpstreamModelField } from './upstream-model-field.tsx'

/** Editors of our own in the form of a model. */
export const MODEL_EDITORS = {
  '/deployments/*/model': UpstreamModelField,
  '/versions/*/deployments/*/model': UpstreamModelField,
}
