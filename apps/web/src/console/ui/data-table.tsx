import type { ReactNode } from 'react'

/** One column of a table. */
export interface Column<T> {
  readonly id: string
  readonly title: string
  readonly cell: (row: T) => ReactNode
  readonly isNumeric?: boolean
  /** Left out where there is little room. */
  readonly isSecondary?: boolean
  /** A title that only those who hear the page need. */
  readonly isTitleHidden?: boolean
}

interface DataTableProps<T> {
  /** What the table lists, for those who hear the page. */
  readonly label: string
  readonly columns: readonly Column<T>[]
  readonly rows: readonly T[]
  readonly rowKey: (row: T) => string
  readonly footer?: ReactNode
}

/** A dense table. Sorting, filtering and paging belong to the server and to the address, not to the table. */
export function DataTable<T>({ label, columns, rows, rowKey, footer }: DataTableProps<T>) {
  return (
    <div className="k-table-frame">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard */}
      <section className="k-table-scroll" aria-label={label} tabIndex={0}>
        <table className="k-table">
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.id} scope="col" {...marks(column)}>
                  {column.isTitleHidden ? <span className="k-hidden">{column.title}</span> : column.title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={rowKey(row)}>
                {columns.map((column) => (
                  <td key={column.id} {...marks(column)}>
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {footer}
    </div>
  )
}

const marks = (column: { readonly isNumeric?: boolean; readonly isSecondary?: boolean }) => ({
  'data-numeric': column.isNumeric || undefined,
  'data-secondary': column.isSecondary || undefined,
})
