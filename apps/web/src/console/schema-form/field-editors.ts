import type { ComponentType } from 'react'
import { JsonField, OptionsField, RecordField, TagsField } from './collection-fields.tsx'
import type { FieldProps } from './form-context.ts'
import type { FieldKind } from './form-model.ts'
import { RefField, RefsField } from './reference-fields.tsx'
import {
  BooleanField,
  EnumField,
  MomentField,
  NumberField,
  ParagraphField,
  SecretField,
  TextField,
} from './scalar-fields.tsx'
import { ChoiceField, GroupField, ListField } from './structure-fields.tsx'

/** The editor of each kind of field. */
export const FIELD_EDITORS: Readonly<Record<FieldKind, ComponentType<FieldProps>>> = {
  text: TextField,
  duration: TextField,
  size: TextField,
  paragraph: ParagraphField,
  secret: SecretField,
  moment: MomentField,
  number: NumberField,
  boolean: BooleanField,
  enum: EnumField,
  ref: RefField,
  refs: RefsField,
  texts: TagsField,
  numbers: TagsField,
  options: OptionsField,
  record: RecordField,
  group: GroupField,
  list: ListField,
  choice: ChoiceField,
  json: JsonField,
}
