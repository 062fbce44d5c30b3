import type { Texts } from '..'
import { fault, frame, kind, lessonKind, phase, origin, provenance, published, sizeClass, urbanity } from './frame'
import { api } from './api'
import { home } from './home'
import { lesson } from './lesson'
import { municipality } from './municipality'
import { organization } from './organization'
import { project } from './project'
import { search } from './search'
import { template } from './template'

export const en: Texts = { fault, frame, kind, lessonKind, phase, origin, provenance, published, sizeClass, urbanity, api, home, lesson, municipality, organization, project, search, template }
