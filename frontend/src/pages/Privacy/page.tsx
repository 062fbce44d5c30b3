import { leaf } from '../../features/Leaf'
import * as en from './en'
import * as nl from './nl'

export default leaf({ nl, en })
