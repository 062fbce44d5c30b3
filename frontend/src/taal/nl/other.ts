/** What is of a kind that only a newer Plein elsewhere knows. */
export const other = {
  all: 'Andere bijdragen',
  text: (home: string, type: string) => `Dit is een soort bijdrage die dit Plein nog niet helemaal laat zien. Bij ${home} heet die soort “${type}”. Lees daar de hele bijdrage.`,
}
