import { change, type Answer } from '../../graphql/ask'
import { FindDataSourcesDocument, FindExamplesDocument, FindMunicipalitiesDocument, FindOrganizationsDocument, FindProjectsDocument, type FindOrganizationsQuery, type FindProjectsQuery } from '../../graphql/generated/graphql'
import type { Found } from './Pick'

/** Municipalities by the beginning of a name; their id is the CBS code. */
export async function findMunicipalities(prefix: string, signal?: AbortSignal): Promise<Found[]> {
  const { data } = await change(FindMunicipalitiesDocument, { prefix }, signal)
  return data?.found.nodes ?? []
}

/** Data sources by the beginning of a name. */
export async function findDataSources(prefix: string, signal?: AbortSignal): Promise<Found[]> {
  const { data } = await change(FindDataSourcesDocument, { prefix }, signal)
  return data?.found.nodes ?? []
}

/** Published projects by their words. */
export const findProjects = async (query: string, signal?: AbortSignal): Promise<Found[]> => foundIn(await change(FindProjectsDocument, { query }, signal))

/** The same by their canonical addresses, which hold on every node. */
export const findExamples = async (query: string, signal?: AbortSignal): Promise<Found[]> => foundIn(await change(FindExamplesDocument, { query }, signal))

function foundIn({ data }: Answer<FindProjectsQuery>): Found[] {
  return (data?.found.edges ?? []).flatMap(({ node }) => ('id' in node ? [{ id: node.id, name: node.name, hint: node.publisher.name }] : []))
}

const mostPages = 20 // of 100 organisations

/** Finds organisations by a part of their name or short name, such as cbs, in a list that is fetched once. */
export function organizationFinder(): (words: string) => Promise<Found[]> {
  let list: Promise<Organization[]> | undefined
  const all = async (): Promise<Organization[]> => {
    const out: Organization[] = []
    let after: string | null = null
    for (let page = 0; page < mostPages; page++) {
      const { data }: Answer<FindOrganizationsQuery> = await change(FindOrganizationsDocument, { after })
      if (!data) {
        list = undefined // the next question tries again
        return out
      }
      out.push(...data.found.nodes)
      after = data.found.pageInfo.endCursor
      if (!data.found.pageInfo.hasNextPage) break
    }
    return out
  }
  return async (words) => {
    const wanted = fold(words)
    const fits = (await (list ??= all())).filter(({ name, slug }) => fold(name).includes(wanted) || slug.includes(wanted))
    const begins = ({ name, slug }: Organization) => fold(name).startsWith(wanted) || slug.startsWith(wanted)
    return fits
      .sort((a, b) => Number(begins(b)) - Number(begins(a)))
      .slice(0, 10)
      .map(({ id, name }) => ({ id, name }))
  }
}

type Organization = FindOrganizationsQuery['found']['nodes'][number]

/** How words are compared: without capitals and accents. */
export const fold = (text: string): string => text.normalize('NFD').toLowerCase().replace(/[\u0300-\u036f]/g, '')
