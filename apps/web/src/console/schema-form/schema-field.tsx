import { type FieldProps, useFormState } from './form-context.ts'
import { patternOf } from './place.ts'

/** The editor of one field: the form's own for its place, or the one of its kind. */
export function SchemaField(props: FieldProps) {
  const form = useFormState()
  const Editor = form.editors[patternOf(props.path)] ?? form.kinds[props.field.kind]
  return Editor ? <Editor {...props} /> : null
}
