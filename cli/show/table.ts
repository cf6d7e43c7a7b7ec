/** Lists as people read them. */

/** A column: its title, and what it shows of a row. */
export type Column<T> = readonly [title: string, cellOf: (row: T) => string];

/** Rows under titles, each column as wide as its widest cell; nothing for no rows. */
export function tableOf<T>(columns: readonly Column<T>[], rows: readonly T[]): string {
  if (rows.length === 0) return '';
  const cells = [
    columns.map(([title]) => title),
    ...rows.map((row) => columns.map(([, cellOf]) => cellOf(row) || '-')),
  ];
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => row[index]?.length ?? 0)));
  const lines = cells.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('   ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}
