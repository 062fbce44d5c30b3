package search

import "strings"

// Words that say nothing by themselves. Asking for them too would only lose records, so queries and the index leave
// them out; the words of a question ("hoe", "which") are among them because people type questions.
const (
	dutchStopWords = `
		aan achter al als alle alles ander andere anders ben bent bij binnen buiten daar daarom dan dat de deze die dit doch
		doen doet door dus een eens elk elke en enkele er ervan eruit erop erin erover etc ge geen geweest geworden gedaan
		had hadden haar heb hebben hebt heeft heel hem hen het hier hij hoe hoeveel hun iedere ieder iemand iets ik in
		is ja je jij jou jouw jullie kan kon konden kun kunnen kunt maar me mee meer men met mij mijn moet moeten mocht
		mogen na naar nadat nee net niemand niet niets nog nogal nu of om omdat omtrent ons onze onder ook op over per
		reeds s samen sinds sommige soms t te tegen ten ter terwijl tijdens toch toen tot tussen u uit uw van vanaf vanuit
		vaak veel via volgens voor vooral voordat waar waarbij waardoor waarin waarmee waarom waarop waarvan waarvoor
		wanneer want waren was wat we wel welk welke werd werden wie wij wil willen worden wordt zal ze zeer zelf zich zij
		zijn zo zoals zonder zou zouden zulke n`
	englishStopWords = `
		a about an and any are as at be because been but by can could did do does for from had has have he her his how i if
		in into is it its may might more most must no nor not of on or our s shall she should so some such t than that the
		their them then there these they this those to was we were what when where which while who whom why will with
		would you your`
)

// askingWords are what people ask with. In a catalogue of projects they tell nothing apart.
var askingWords = set(`
	project projecten onderzoek onderzoeken gaan gaat vinden vind zoek zoeken weten graag informatie voorbeeld voorbeelden
	ervaring ervaringen projects looking find search examples`)

func set(words string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(words) {
		out[w] = true
	}
	return out
}
