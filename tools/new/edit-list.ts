import { parse, type SyntaxNode, walk } from '../structure/syntax.ts'

/** Puts `line` at the head of a file's imports, or at its top; a formatter sorts it in. */
export const withImport = (text: string, line: string): string => `${line}\n${text}`

/** Adds `entry` as the last element of the exported array `name`. Throws when there is no such array. */
export function withElement(path: string, text: string, name: string, entry: string): string {
  const array = findInitialiser(path, text, name, 'ArrayExpression')
  const elements = array.elements as SyntaxNode[]
  const last = elements.at(-1)
  if (!last) return `${text.slice(0, array.start)}[${entry}]${text.slice(array.end)}`
  return `${text.slice(0, last.end)}, ${entry}${text.slice(last.end)}`
}

/** Adds `property` to the object literal `name`. Throws when there is none. */
export function withProperty(path: string, text: string, name: string, property: string): string {
  const last = (findInitialiser(path, text, name, 'ObjectExpression').properties as SyntaxNode[]).at(-1)
  if (!last) throw new Error(`${path}: ${name} is empty`)
  return `${text.slice(0, last.end)}, ${property}${text.slice(last.end)}`
}

/** Adds `member` to the interface `name`. Throws when there is none. */
export function withInterfaceMember(path: string, text: string, name: string, member: string): string {
  let end: number | undefined
  walk(parse(path, text).program, (node) => {
    if (node.type !== 'TSInterfaceDeclaration' || (node.id as SyntaxNode).name !== name) return
    end = (node.body as SyntaxNode).end
  })
  if (end === undefined) throw new Error(`${path} declares no interface ${name}`)
  return `${text.slice(0, end - 1)}${member}\n${text.slice(end - 1)}`
}

/** Adds `member` to the exported union type `name`. Throws when there is no such union. */
export function withUnionMember(path: string, text: string, name: string, member: string): string {
  let end: number | undefined
  walk(parse(path, text).program, (node) => {
    if (node.type !== 'TSTypeAliasDeclaration' || (node.id as SyntaxNode).name !== name) return
    end = (node.typeAnnotation as SyntaxNode).end
  })
  if (end === undefined) throw new Error(`${path} declares no type ${name}`)
  return `${text.slice(0, end)} | ${member}${text.slice(end)}`
}

function findInitialiser(path: string, text: string, name: string, type: string): SyntaxNode {
  let found: SyntaxNode | undefined
  walk(parse(path, text).program, (node, ancestors) => {
    if (found || node.type !== type) return
    const declarator = ancestors.findLast((one) => one.type === 'VariableDeclarator')
    if ((declarator?.id as SyntaxNode | undefined)?.name === name) found = node
  })
  if (!found) throw new Error(`${path} has no list ${name}`)
  return found
}
