import { licenseUrl } from '../../features/License'
import { langOf } from '../../features/records'
import type { Where } from '../../page'
import type { Project } from './project'

/** schema.org: a page about a research project, which is what has a licence and dates of its own. */
export function structured(project: Project, where: Where): object {
  const { publisher, license } = project
  return {
    '@context': 'https://schema.org',
    '@type': 'WebPage',
    '@id': project.uri,
    url: where.site.base + where.href(where.path),
    name: project.title,
    description: project.summary ?? project.question ?? undefined,
    inLanguage: langOf(project, where.language) ?? where.language,
    license: licenseUrl(license.notation),
    datePublished: project.publishedAt ?? undefined,
    dateModified: project.updatedAt,
    version: project.publicVersion,
    publisher: {
      '@type': publisher.kind === 'KNOWLEDGE_PARTNER' ? 'Organization' : 'GovernmentOrganization',
      name: publisher.name,
      url: where.site.base + where.href(`/udc/${publisher.slug}`),
    },
    about: project.policyDomains.map((d) => ({ '@type': 'DefinedTerm', name: d.label, url: d.uri })),
    spatialCoverage: project.municipalities.map((m) => ({ '@type': 'AdministrativeArea', name: m.name, identifier: m.code })),
    citation: project.sourceLinks.length > 0 ? project.sourceLinks : undefined,
    mainEntity: {
      '@type': 'ResearchProject',
      name: project.title,
      alternateName: project.aliases.length > 0 ? project.aliases : undefined,
      description: project.question ?? undefined,
      url: project.uri,
    },
  }
}
