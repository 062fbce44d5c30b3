package record

import (
	"reflect"
	"strconv"
)

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
	FieldNode:             {Dutch: "Van welk Plein", English: "From which Plein"},
}

// Label is what people call a field.
func (f Field) Label() Text { return fieldLabels[f] }

var valueLabels = map[string]Text{
	string(ProjectType):         {Dutch: "Project", English: "Project"},
	string(ProcessTemplateType): {Dutch: "Processjabloon", English: "Process template"},
	string(TemplateVersionType): {Dutch: "Versie van een sjabloon", English: "Version of a template"},
	string(LessonType):          {Dutch: "Les", English: "Lesson"},
	string(OtherType):           {Dutch: "Andere bijdrage", English: "Other contribution"},

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

	string(Repeated): {Dutch: "Herhaald", English: "Repeated"},
	string(Adapted):  {Dutch: "Aangepast", English: "Adapted"},
	string(Inspired): {Dutch: "Erdoor op het idee gekomen", English: "Inspired by it"},
	string(Extended): {Dutch: "Voortgezet", English: "Extended"},

	string(Public):    {Dutch: "Iedereen", English: "Everybody"},
	string(Community): {Dutch: "Leden van dit Plein", English: "Members of this Plein"},

	string(Do):          {Dutch: "Doen", English: "Do"},
	string(Avoid):       {Dutch: "Vermijden", English: "Avoid"},
	string(Observation): {Dutch: "Om te weten", English: "To know"},

	string(Responsible): {Dutch: "Voert uit", English: "Responsible"},
	string(Accountable): {Dutch: "Beslist", English: "Accountable"},
	string(Consulted):   {Dutch: "Geeft raad", English: "Consulted"},
	string(Informed):    {Dutch: "Hoort ervan", English: "Informed"},

	string(OutputsScope): {Dutch: "De resultaten", English: "The outputs"},
	string(ResultsScope): {Dutch: "Alles wat eruit kwam", English: "Everything that came out"},
	string(WholeRecord):  {Dutch: "Het hele record", English: "The whole record"},

	string(EmbargoActive):  {Dutch: "Geldt", English: "Holds"},
	string(EmbargoLifted):  {Dutch: "Opgeheven", English: "Lifted"},
	string(EmbargoExpired): {Dutch: "Afgelopen", English: "Ended"},

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

// coveredLabels are what people call the fields that an embargo hides, by their names in Go.
var coveredLabels = map[string]Text{
	"Answer":     {Dutch: "het antwoord", English: "the answer"},
	"Outputs":    {Dutch: "de resultaten", English: "the outputs"},
	"PolicyUses": {Dutch: "het gebruik in beleid", English: "the uses in policy"},
}

// nameLabels are what people call the fields of documents and of their parts, by their names in JSON.
var nameLabels = map[string]Text{
	"audience":        {Dutch: "Wie dit mag lezen", English: "Who may read this"},
	"contentLanguage": {Dutch: "Taal", English: "Language"},
	"title":           {Dutch: "Titel", English: "Title"},
	"summary":         {Dutch: "Samenvatting", English: "Summary"},
	"license":         {Dutch: "Licentie", English: "Licence"},
	"sourceLinks":     {Dutch: "Links naar bronnen", English: "Links to sources"},

	"phase":                {Dutch: "Fase", English: "Phase"},
	"question":             {Dutch: "Vraag", English: "Question"},
	"occasion":             {Dutch: "Aanleiding", English: "Occasion"},
	"answer":               {Dutch: "Antwoord", English: "Answer"},
	"policyDomains":        {Dutch: "Thema’s", English: "Themes"},
	"targetGroups":         {Dutch: "Doelgroepen", English: "Target groups"},
	"geoLevel":             {Dutch: "Gebied", English: "Area"},
	"municipalities":       {Dutch: "Gemeenten", English: "Municipalities"},
	"methods":              {Dutch: "Methoden", English: "Methods"},
	"complexity":           {Dutch: "Hoe ingewikkeld", English: "Complexity"},
	"goodFirstProject":     {Dutch: "Goed om mee te beginnen", English: "Good first project"},
	"sources":              {Dutch: "Databronnen", English: "Data sources"},
	"template":             {Dutch: "Sjabloon", English: "Template"},
	"templateVersion":      {Dutch: "Versie van het sjabloon", English: "Version of the template"},
	"startedOn":            {Dutch: "Begonnen op", English: "Started on"},
	"finishedOn":           {Dutch: "Klaar op", English: "Finished on"},
	"effortDays":           {Dutch: "Dagen werk", English: "Days of work"},
	"costEuro":             {Dutch: "Kosten in euro", English: "Cost in euro"},
	"pressRelease":         {Dutch: "Persbericht", English: "Press release"},
	"communicationSenders": {Dutch: "Afzenders van het nieuws", English: "Senders of the news"},
	"stopReason":           {Dutch: "Reden om te stoppen", English: "Reason to stop"},
	"aliases":              {Dutch: "Andere namen", English: "Other names"},
	"team":                 {Dutch: "Team", English: "Team"},
	"contacts":             {Dutch: "Contacten", English: "Contacts"},
	"outputs":              {Dutch: "Resultaten", English: "Outputs"},
	"policyUses":           {Dutch: "Gebruik in beleid", English: "Uses in policy"},
	"embargoes":            {Dutch: "Embargo’s", English: "Embargoes"},
	"basedOn":              {Dutch: "Bouwt voort op", English: "Builds on"},
	"hiddenReuses":         {Dutch: "Bouwen hier niet op voort", English: "Do not build on this"},

	"subject":    {Dutch: "Het andere project", English: "The other project"},
	"difference": {Dutch: "Wat er anders ging", English: "What was done differently"},

	"source":       {Dutch: "Databron", English: "Data source"},
	"accessRoute":  {Dutch: "Toegang", English: "Access"},
	"linkedWith":   {Dutch: "Gekoppeld met", English: "Linked with"},
	"note":         {Dutch: "Opmerking", English: "Note"},
	"role":         {Dutch: "Rol", English: "Role"},
	"organization": {Dutch: "Organisatie", English: "Organisation"},
	"unit":         {Dutch: "Afdeling", English: "Department"},
	"label":        {Dutch: "Functie", English: "Function"},

	"email":            {Dutch: "E-mailadres", English: "E-mail address"},
	"isAmbassador":     {Dutch: "Ambassadeur", English: "Ambassador"},
	"willingToPresent": {Dutch: "Wil erover vertellen", English: "Will tell about it"},

	"kind":             {Dutch: "Soort", English: "Kind"},
	"description":      {Dutch: "Omschrijving", English: "Description"},
	"url":              {Dutch: "Webadres", English: "Web address"},
	"mediaType":        {Dutch: "Bestandstype", English: "Media type"},
	"file":             {Dutch: "Bestand", English: "File"},
	"id":               {Dutch: "Kenmerk", English: "Identifier"},
	"name":             {Dutch: "Naam", English: "Name"},
	"byteSize":         {Dutch: "Grootte in bytes", English: "Size in bytes"},
	"uploadedAt":       {Dutch: "Geüpload op", English: "Uploaded on"},
	"producedBy":       {Dutch: "Gemaakt door", English: "Produced by"},
	"mustBecomePublic": {Dutch: "Moet openbaar worden", English: "Must become public"},
	"deliveredOn":      {Dutch: "Opgeleverd op", English: "Delivered on"},
	"deliveryNotedOn":  {Dutch: "Oplevering ingevuld op", English: "Delivery noted on"},
	"publishedOn":      {Dutch: "Openbaar sinds", English: "Public since"},
	"documentUrl":      {Dutch: "Webadres van het besluit", English: "Web address of the decision"},
	"decidedOn":        {Dutch: "Besloten op", English: "Decided on"},
	"body":             {Dutch: "Besluit van", English: "Decided by"},

	"scope":      {Dutch: "Wat eronder valt", English: "What it covers"},
	"ground":     {Dutch: "Grond", English: "Ground"},
	"until":      {Dutch: "Tot", English: "Until"},
	"waitsFor":   {Dutch: "Wacht op", English: "Waits for"},
	"state":      {Dutch: "Stand", English: "State"},
	"placedAt":   {Dutch: "Geplaatst op", English: "Placed on"},
	"placedBy":   {Dutch: "Geplaatst door", English: "Placed by"},
	"liftedAt":   {Dutch: "Opgeheven op", English: "Lifted on"},
	"extensions": {Dutch: "Aantal keren verlengd", English: "Times extended"},

	"context":        {Dutch: "Waar het speelt", English: "Context"},
	"recommendation": {Dutch: "Advies", English: "Recommendation"},
	"consequence":    {Dutch: "Gevolg", English: "Consequence"},
	"steps":          {Dutch: "Stappen", English: "Steps"},
	"roles":          {Dutch: "Rollen", English: "Roles"},
	"projects":       {Dutch: "Geleerd in", English: "Learned in"},
	"reviewBy":       {Dutch: "Opnieuw te bekijken op", English: "To be reviewed on"},

	"number":       {Dutch: "Versienummer", English: "Version number"},
	"changeNote":   {Dutch: "Wat er veranderde", English: "What changed"},
	"forkedFrom":   {Dutch: "Begonnen als", English: "Forked from"},
	"contentHash":  {Dutch: "Vingerafdruk", English: "Fingerprint"},
	"minimum":      {Dutch: "Hoeveel ten minste", English: "How many at the least"},
	"purpose":      {Dutch: "Doel", English: "Purpose"},
	"startsAfter":  {Dutch: "Begint na", English: "Starts after"},
	"parallelWith": {Dutch: "Naast", English: "Parallel with"},
	"iterative":    {Dutch: "In rondes", English: "Iterative"},
	"optional":     {Dutch: "Mag worden overgeslagen", English: "Optional"},
	"raci":         {Dutch: "Taakverdeling", English: "RACI"},
	"checklist":    {Dutch: "Checklist", English: "Checklist"},
	"deliverables": {Dutch: "Wat het oplevert", English: "Deliverables"},
	"guideDays":    {Dutch: "Dagen als richtlijn", English: "Guide in days"},
	"text":         {Dutch: "Tekst", English: "Text"},
	"required":     {Dutch: "Verplicht", English: "Required"},
	"lesson":       {Dutch: "Les", English: "Lesson"},
}

// Unlabelled lists the fields of a type of document, and of its parts, that differences tell of and nobody gave a name.
func Unlabelled(r Record) []string { return unlabelled(reflect.TypeOf(r).Elem(), false) }

func unlabelled(t reflect.Type, nested bool) (out []string) {
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			out = append(out, unlabelled(f.Type, nested)...)
			continue
		}
		name, told := told(f, nested)
		if !told {
			continue
		}
		if l := nameLabels[name]; l[Dutch] == "" || l[English] == "" {
			out = append(out, t.Name()+"."+name)
		}
		if e := structIn(f.Type); e != nil {
			out = append(out, unlabelled(e, true)...)
		}
	}
	return out
}

// labelOfValue is what people call a value that is not of a vocabulary; the value itself where it has no other name.
func labelOfValue(value string) Text {
	if t := valueLabels[value]; t != nil {
		return t
	}
	return NL(value)
}

// UrbanityLabel is what CBS calls the class; nil when it is unknown.
func (m *Municipality) UrbanityLabel() Text { return urbanityLabels[strconv.Itoa(m.Urbanity)] }

// Label is what people call this kind of record.
func (t Type) Label() Text { return valueLabels[string(t)] }

// Label says in words where a record comes from.
func (p Provenance) Label() Text { return valueLabels[string(p)] }

// Label is what people call this way to build on a project.
func (k ReuseKind) Label() Text { return valueLabels[string(k)] }

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
