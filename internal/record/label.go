package record

import "strconv"

// What people call fields and values, in one place for facets, pages and exports.

var fieldLabels = map[Field]Text{
	FieldKind:             {Dutch: "Soort", English: "Kind"},
	FieldPublisher:        {Dutch: "Organisatie", English: "Organisation"},
	FieldLanguage:         {Dutch: "Taal", English: "Language"},
	FieldPolicyDomain:     {Dutch: "Thema", English: "Theme"},
	FieldTargetGroup:      {Dutch: "Doelgroep", English: "Target group"},
	FieldGeoLevel:         {Dutch: "Gebied", English: "Area"},
	FieldMunicipality:     {Dutch: "Gemeente", English: "Municipality"},
	FieldProvince:         {Dutch: "Provincie", English: "Province"},
	FieldSizeClass:        {Dutch: "Inwoners van de gemeente", English: "Inhabitants of the municipality"},
	FieldUrbanity:         {Dutch: "Stedelijkheid", English: "Urbanity"},
	FieldMethod:           {Dutch: "Methode", English: "Method"},
	FieldSource:           {Dutch: "Databron", English: "Data source"},
	FieldAccessRoute:      {Dutch: "Toegang tot data", English: "Access to data"},
	FieldOutputKind:       {Dutch: "Soort resultaat", English: "Kind of output"},
	FieldPhase:            {Dutch: "Fase", English: "Phase"},
	FieldComplexity:       {Dutch: "Hoe ingewikkeld", English: "Complexity"},
	FieldYear:             {Dutch: "Jaar van de start", English: "Year of the start"},
	FieldGoodFirstProject: {Dutch: "Goed om mee te beginnen", English: "Good first project"},
	FieldUsedInPolicy:     {Dutch: "Gebruikt in beleid", English: "Used in policy"},
	FieldHasTemplate:      {Dutch: "Volgt een sjabloon", English: "Follows a template"},
	FieldStep:             {Dutch: "Stap", English: "Step"},
}

// Label is what people call a field.
func (f Field) Label() Text { return fieldLabels[f] }

var valueLabels = map[string]Text{
	string(ProjectType):         {Dutch: "Project", English: "Project"},
	string(ProcessTemplateType): {Dutch: "Processjabloon", English: "Process template"},
	string(TemplateVersionType): {Dutch: "Versie van een sjabloon", English: "Version of a template"},
	string(LessonType):          {Dutch: "Les", English: "Lesson"},

	string(Idea):    {Dutch: "Idee", English: "Idea"},
	string(Intake):  {Dutch: "Vraag wordt scherp gemaakt", English: "Intake"},
	string(Running): {Dutch: "Loopt", English: "Running"},
	string(OnHold):  {Dutch: "Ligt stil", English: "On hold"},
	string(Done):    {Dutch: "Klaar", English: "Done"},
	string(Stopped): {Dutch: "Gestopt", English: "Stopped"},

	string(Simple):   {Dutch: "Eenvoudig", English: "Simple"},
	string(Moderate): {Dutch: "Gemiddeld", English: "Moderate"},
	string(Advanced): {Dutch: "Gevorderd", English: "Advanced"},

	string(SizeLT5K):    {Dutch: "minder dan 5.000", English: "fewer than 5,000"},
	string(SizeK510):    {Dutch: "5.000 tot 10.000", English: "5,000 to 10,000"},
	string(SizeK1020):   {Dutch: "10.000 tot 20.000", English: "10,000 to 20,000"},
	string(SizeK2050):   {Dutch: "20.000 tot 50.000", English: "20,000 to 50,000"},
	string(SizeK50100):  {Dutch: "50.000 tot 100.000", English: "50,000 to 100,000"},
	string(SizeK100150): {Dutch: "100.000 tot 150.000", English: "100,000 to 150,000"},
	string(SizeK150250): {Dutch: "150.000 tot 250.000", English: "150,000 to 250,000"},
	string(SizeGE250K):  {Dutch: "250.000 of meer", English: "250,000 or more"},

	string(Own):      {Dutch: "Van de organisatie zelf", English: "By the organisation itself"},
	string(Starter):  {Dutch: "Startinhoud, opgeschreven uit een openbare bron", English: "Starter content, written down from a public source"},
	string(Register): {Dutch: "Overgenomen uit een openbaar register", English: "Taken from a public register"},
	string(Peer):     {Dutch: "Van een ander Plein", English: "From another Plein"},
	string(Demo):     {Dutch: "Verzonnen voorbeeld", English: "Invented example"},

	Dutch:   {Dutch: "Nederlands", English: "Dutch"},
	English: {Dutch: "Engels", English: "English"},
	True:    {Dutch: "Ja", English: "Yes"},
	False:   {Dutch: "Nee", English: "No"},
}

var urbanityLabels = map[string]Text{
	"1": {Dutch: "zeer sterk stedelijk", English: "very strongly urban"},
	"2": {Dutch: "sterk stedelijk", English: "strongly urban"},
	"3": {Dutch: "matig stedelijk", English: "moderately urban"},
	"4": {Dutch: "weinig stedelijk", English: "hardly urban"},
	"5": {Dutch: "niet stedelijk", English: "not urban"},
}

// UrbanityLabel is what CBS calls the class; nil when it is unknown.
func (m *Municipality) UrbanityLabel() Text { return urbanityLabels[strconv.Itoa(m.Urbanity)] }

// Label is what people call this kind of record.
func (t Type) Label() Text { return valueLabels[string(t)] }

// Label says in words where a record comes from.
func (p Provenance) Label() Text { return valueLabels[string(p)] }

// Label is what people call this phase.
func (p Phase) Label() Text { return valueLabels[string(p)] }

// ValueLabel is what people call a value of a field; the value itself where it has no other name.
func (r *Reference) ValueLabel(f Field, value string) Text {
	switch f {
	case FieldPublisher:
		if o := r.Organization(value); o != nil {
			return NL(o.Name)
		}
	case FieldMunicipality:
		if m := r.Municipality(value); m != nil {
			return NL(m.Name)
		}
	case FieldSource:
		if d := r.DataSource(value); d != nil {
			return NL(d.Name)
		}
	case FieldStep:
		if t := r.Steps[value]; t != nil {
			return t
		}
	case FieldUrbanity:
		if t := urbanityLabels[value]; t != nil {
			return t
		}
	default:
		if c := r.Concept(value); c != nil {
			return c.Label
		}
		if t := valueLabels[value]; t != nil {
			return t
		}
	}
	return NL(value)
}

var schemeLabels = map[Scheme]Text{
	PolicyDomain:  {Dutch: "Beleidsthema’s", English: "Policy themes"},
	TargetGroup:   {Dutch: "Doelgroepen", English: "Target groups"},
	Method:        {Dutch: "Methoden", English: "Methods"},
	GeoLevel:      {Dutch: "Gebieden", English: "Areas"},
	AccessRoute:   {Dutch: "Toegang tot data", English: "Access to data"},
	TeamRole:      {Dutch: "Rollen in een team", English: "Roles in a team"},
	Skill:         {Dutch: "Vaardigheden", English: "Skills"},
	OutputKind:    {Dutch: "Soorten resultaat", English: "Kinds of output"},
	PolicyUseKind: {Dutch: "Soorten gebruik in beleid", English: "Kinds of use in policy"},
	EmbargoGround: {Dutch: "Gronden van een embargo", English: "Grounds of an embargo"},
	License:       {Dutch: "Licenties", English: "Licences"},
	StopReason:    {Dutch: "Redenen om te stoppen", English: "Reasons to stop"},
	Thesaurus:     {Dutch: "Thesaurus", English: "Thesaurus"},
	Taxonomy:      {Dutch: "Geïmporteerde begrippenlijsten", English: "Imported lists of concepts"},
}

// Label is what people call this vocabulary.
func (s Scheme) Label() Text { return schemeLabels[s] }
