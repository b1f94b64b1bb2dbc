import type { JsonObject } from '@konnect/contract'
import { numberOf, textOf } from '../../json/access.ts'

/** What an item of the output is to the client of another dialect; `hidden` is what none of them knows. */
export type ItemKind = 'message' | 'reasoning' | 'call' | 'hidden'

/** An item as its events build it up. */
export interface OpenItem {
  readonly kind: ItemKind
  /** Counted among the client's tools only; -1 for other items. */
  readonly tool: number
  /** What was read of each part: its place in the item, and its text. */
  readonly sent: Map<string, string>
  /** A call whose arguments are free text. */
  isCustom: boolean
  isDone: boolean
}

/** The items of one stream. Vendors count them; where one does not, the item's id says which it is. */
export class OpenItems {
  readonly #items = new Map<string, OpenItem>()

  /** True when nothing of the output has been seen. */
  get isEmpty(): boolean {
    return this.#items.size === 0
  }

  get(event: JsonObject): OpenItem | undefined {
    return this.#items.get(keyOf(event))
  }

  add(event: JsonObject, kind: ItemKind, tool = -1): OpenItem {
    const item: OpenItem = { kind, tool, sent: new Map(), isCustom: false, isDone: false }
    this.#items.set(keyOf(event), item)
    return item
  }
}

function keyOf(event: JsonObject): string {
  const index = numberOf(event.output_index)
  return index === undefined ? (textOf(event.item_id) ?? '') : String(index)
}

/** Notes that `text` of a part was read. */
export function append(item: OpenItem, part: string, text: string): string {
  item.sent.set(part, (item.sent.get(part) ?? '') + text)
  return text
}

/** What a part that is now known whole has beyond what was read of it. */
export function missing(item: OpenItem, part: string, whole: string): string {
  const sent = item.sent.get(part) ?? ''
  return whole.length > sent.length && whole.startsWith(sent) ? append(item, part, whole.slice(sent.length)) : ''
}
