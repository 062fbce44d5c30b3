// The pages that there are, on the catalogue that a node serves.
import { ask } from './node.mjs'

/** Name and path of one page of every kind, in Dutch; status is 200 unless it says otherwise. */
export async function everyPage(base) {
  const { running, done, stopped, templates, lessons, organizations } = await ask(
    base,
    `query {
      running: projects(first: 1, filter: { phases: [RUNNING] }) { nodes { slug publisher { slug } } }
      done: projects(first: 100, filter: { phases: [DONE] }) { nodes { slug publisher { slug id } municipalities { code } embargo { state } answer sources { note } } }
      stopped: projects(first: 1, filter: { phases: [STOPPED] }) { nodes { slug publisher { slug } } }
      templates: processTemplates(first: 20) { nodes { slug publisher { slug } current { number } versions { nodes { number } } } }
      lessons(first: 1) { nodes { slug publisher { slug } } }
      organizations(first: 1, kinds: [MUNICIPAL_UDC]) { nodes { slug } }
    }`,
  )
  const pathOf = (folder, r) => `/${folder}/${r.publisher.slug}/${r.slug}`
  const whole = done.nodes.find((p) => p.answer && p.sources.length) ?? done.nodes.find((p) => p.answer) ?? done.nodes[0]
  const embargoed = done.nodes.concat(running.nodes).find((p) => p.embargo?.state === 'ACTIVE')
  const versioned = templates.nodes.find((t) => t.versions.nodes.length > 1)
  const template = versioned ?? templates.nodes[0]
  const pages = [
    ['home', '/'],
    ['zoeken', '/zoeken?q=studenten+kamers+overlast'],
    ['zoeken-alles', '/zoeken'],
    ['zoeken-niets', '/zoeken?q=kwantumzwaartekracht'],
    ['project', pathOf('projecten', whole)],
    ...(running.nodes.length ? [['project-loopt', pathOf('projecten', running.nodes[0])]] : []),
    ...(stopped.nodes.length ? [['project-gestopt', pathOf('projecten', stopped.nodes[0])]] : []),
    ...(embargoed ? [['project-embargo', pathOf('projecten', embargoed)]] : []),
    ['sjablonen', '/sjablonen'],
    ['sjabloon', pathOf('sjablonen', template)],
    ['versie', `${pathOf('sjablonen', template)}/${template.current.number}`],
    ...(versioned ? [['verschil', `${pathOf('sjablonen', versioned)}/${versioned.versions.nodes[0].number}?vergelijk=${versioned.versions.nodes[1].number}`]] : []),
    ['lessen', '/lessen'],
    ['les', pathOf('lessen', lessons.nodes[0])],
    ['udcs', '/udc'],
    ['udc', `/udc/${organizations.nodes[0].slug}`],
    ['gemeenten', '/gemeenten'],
    ['gemeente', `/gemeenten/${whole.municipalities[0]?.code ?? 'GM0546'}`],
    ['over', '/over'],
    ['toegankelijkheid', '/toegankelijkheid'],
    ['privacy', '/privacy'],
    ['help', '/help'],
    ['api', '/api'],
    ['inloggen', '/inloggen'],
    ['wachtwoord-vergeten', '/wachtwoord-vergeten'],
    ['toegang-onbekend', '/toegang/er-is-geen-link-met-dit-geheim', 404],
    ['overig-onbekend', '/overig/er-is/niets', 404],
    ['niet-gevonden', '/projecten/er-is/niets', 404],
  ]
  return pages.map(([name, path, status = 200]) => ({ name, path, status }))
}

export const inEnglish = (path) => (path === '/' ? '/en' : '/en' + path)
