package bench

// The word lists that generated texts are made of. Compounds are made of a first and a last part, because compounds are
// what makes searching Dutch hard; the earlier a word stands, the more often it is drawn.

var firstParts = []string{
	"woning", "huur", "school", "zorg", "energie", "fiets", "jeugd", "schuld", "water", "groen", "afval", "parkeer",
	"winkel", "bijstands", "verkeers", "geluids", "bus", "sport", "armoede", "arbeids", "bodem", "warmte", "lucht",
	"kamer", "koop", "leerling", "wijk", "buurt", "boom", "regen", "straat", "markt", "eenzaamheids", "taal", "haven",
	"toerisme", "nacht", "speel", "zon", "stroom", "inkomens", "vergunning", "subsidie", "horeca", "station", "natuur",
}

var lastParts = []string{
	"gebruik", "overlast", "prijzen", "vraag", "aanbod", "kosten", "drukte", "tekort", "routes", "veiligheid",
	"aanvragen", "meldingen", "beleid", "bereik", "verschillen", "plekken", "opgave", "behoefte", "verbruik", "kwaliteit",
	"problematiek", "plannen", "voorzieningen", "toezicht", "regeling", "kaarten", "ontwikkeling", "spreiding", "steun",
}

var groups = []string{
	"jonge huishoudens", "studenten", "ouderen", "leerlingen", "ondernemers", "forenzen", "gezinnen met kinderen",
	"mensen die alleen wonen", "werkzoekenden", "mantelzorgers", "nieuwkomers", "sporters", "bezoekers van het centrum",
	"mensen met een laag inkomen", "starters op de woningmarkt", "kinderen in groep acht",
}

var places = []string{
	"buurten met veel nieuwbouw", "het centrum", "de buitenwijken", "de dorpskernen", "het havengebied", "oude wijken",
	"wijken met veel huurwoningen", "het stationsgebied", "buurten langs de ring", "het buitengebied",
}

var openings = []string{
	"Inzicht in", "Meer zicht op", "Verkenning van", "Cijfers over", "Kaart van", "Onderzoek naar", "Monitor",
	"Verschillen in", "Samenhang tussen", "Aanpak van",
}

var sentences = []string{
	"De cijfers laten zien dat %s vooral samenhangt met %s bij %s.",
	"In %[4]s komt %[1]s vaker voor dan elders, ook als rekening wordt gehouden met %[2]s.",
	"Voor %[3]s is het beeld anders: daar daalt %[2]s al enkele jaren.",
	"De vraag over %s kwam op toen beleidsmakers merkten dat %s niet te verklaren was uit de eigen registratie.",
	"Door bestanden te vergelijken werd duidelijk welke %[3]s nog geen gebruik maken van de regeling voor %[1]s.",
	"Een nadere blik op %s en %s in %[4]s gaf de doorslag.",
	"Het team besloot %s apart te bekijken, omdat %s anders werd gemeten.",
	"Wie %[1]s wil begrijpen, kan niet om %[2]s heen.",
	"Bij %[3]s in %[4]s is de verandering het grootst.",
	"De uitkomsten over %s zijn besproken met de mensen die met %s werken.",
}

var lessonOpenings = []string{
	"Vraag vroeg naar", "Spreek eerst af wie kijkt naar", "Reken op extra tijd voor", "Vermijd aannames over",
	"Leg vast hoe u meet:", "Betrek de vakafdeling bij", "Controleer de bron van", "Begin klein met",
}

var stepKeys = []string{"vraag", "verkenning", "data", "analyse", "duiding", "gebruik", "nazorg"}

var units = []string{"Team Onderzoek", "Afdeling Wonen", "Afdeling Samenleving", "Team Data", "Afdeling Ruimte"}
