import type { Texts } from '..'

export const other: Texts['other'] = {
  all: 'Other contributions',
  text: (home: string, type: string) => `This is a kind of contribution that this Plein does not show in full yet. ${home} calls it “${type}”. Read all of it there.`,
}
